import type { Link } from "./link.js";
import type { Pool } from "./pool.js";

/** Messages per connection that are under way at once: whatever comes back is sent again, until the time is over. */
export class Echo {
  /** Round trips in µs, where there is one connection with one message. */
  readonly times: number[] = [];
  readonly #pool: Pool;
  readonly #burst: number;
  /** Frames of 1, 2 … messages. */
  readonly #frames: readonly Buffer[];

  constructor(pool: Pool, burst: number, request: Buffer) {
    this.#pool = pool;
    this.#burst = burst;
    const all = Buffer.concat(Array.from({ length: burst }, () => request));
    this.#frames = Array.from({ length: burst + 1 }, (_, count) => all.subarray(0, count * request.length));
  }

  /** How many messages came back; all that were sent have. */
  run(milliseconds: number): Promise<number> {
    const { links } = this.#pool;
    this.times.length = 0;
    return new Promise((resolve) => {
      let messages = 0;
      let missing = links.length * this.#burst;
      let isOver = false;
      let sentAt = performance.now();
      const isSingle = missing === 1;
      this.#pool.onReceived = (link, count) => {
        if (count > link.owed) throw new Error(`expected ${link.owed} messages at most, got ${count}`);
        link.owed -= count;
        messages += count;
        if (isSingle) this.times.push((performance.now() - sentAt) * 1_000);
        if (isOver) {
          missing -= count;
          if (missing === 0) resolve(messages);
          return;
        }
        if (isSingle) sentAt = performance.now();
        this.#send(link, count);
      };
      setTimeout(() => {
        isOver = true;
      }, milliseconds);
      for (const link of links) this.#send(link, this.#burst);
    });
  }

  #send(link: Link, count: number): void {
    const frames = this.#frames[count];
    if (frames !== undefined) link.send(frames, count);
  }
}
