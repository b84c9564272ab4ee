import { z } from "zod";
import type { Engine, History } from "../engine/engine.js";
import { type Broadcast, createBroadcast } from "../topic/broadcast.js";
import { connected, type FakeSocket } from "../topic/connection.fixture.js";

/** How often each topic is published to, in ms. */
const interval = 4;

/** What became of a load: all of it must be 0. */
export interface Verdict {
  /** Sockets that were closed. */
  readonly dropped: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Messages that the engine had taken and that neither came nor were told as missing. */
  readonly untold: number;
}

export const faultless: Verdict = { dropped: 0, duplicated: 0, reordered: 0, untold: 0 };

/** A topic under load: numbers that are published without a rest, and what a socket got of them. */
class Stream {
  readonly name: string;
  /** What came, in order: a number, or that something is missing. */
  readonly came: (number | "gap")[] = [];
  /** The numbers that the engine said it had taken. */
  readonly taken: Set<number> = new Set();
  /** Of the last that came: when it was published, on the clock of `performance.now()`. */
  lastPublished = 0;
  socket: FakeSocket | undefined;
  next = 0;
  readonly #times: number[] = [];

  constructor(name: string) {
    this.name = name;
  }

  publishing(): number {
    this.#times.push(performance.now());
    return this.next++;
  }

  received(number: number): void {
    this.came.push(number);
    this.lastPublished = Number(this.#times[number]);
  }

  get verdict(): Verdict {
    const seen = new Set<number>();
    let [last, isTold, duplicated, reordered, untold] = [-1, true, 0, 0, 0];
    for (const what of this.came) {
      if (what === "gap") {
        isTold = true;
        continue;
      }
      if (seen.has(what)) duplicated += 1;
      else if (what < last) reordered += 1;
      for (let number = last + 1; number < what; number += 1)
        if (!isTold && this.taken.has(number)) untold += 1;
      seen.add(what);
      last = Math.max(last, what);
      isTold = false;
    }
    const dropped = this.socket?.sent.some((text) => text.startsWith("close")) ? 1 : 0;
    return { dropped, duplicated, reordered, untold };
  }
}

/** One process that publishes to many topics, and another one with a member on each. */
export class Load implements AsyncDisposable {
  readonly streams: readonly Stream[];
  readonly #publisher: Broadcast;
  readonly #listener: Broadcast;
  readonly #waiting = new Set<() => void>();
  readonly #publishing: Promise<unknown>[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(engine: () => Engine, topics: readonly string[]) {
    this.#publisher = createBroadcast({ engine: engine() });
    this.#listener = createBroadcast({ engine: engine() });
    this.streams = topics.map((name) => new Stream(name));
  }

  /** Resolves when messages flow on every topic. */
  static async start(engine: () => Engine, topics: readonly string[], history?: History): Promise<Load> {
    const load = new Load(engine, topics);
    await load.#start(history);
    await load.back();
    return load;
  }

  get gaps(): number {
    return this.#listener.counters.gaps;
  }

  /** Resolves when something came on every topic that was published from now on; gives how long that took, in ms. */
  async back(): Promise<number> {
    const since = performance.now();
    while (this.streams.some(({ lastPublished }) => lastPublished < since)) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return performance.now() - since;
  }

  /** Publishes no more; resolves with what became of it when all has come that is still to come. */
  async end(): Promise<Verdict> {
    clearInterval(this.#timer);
    await Promise.allSettled(this.#publishing);
    clearInterval(this.#timer);
    const isWhole = ({ came, taken, next }: Stream): boolean =>
      came.includes(next - 1) || !taken.has(next - 1);
    while (!this.streams.every(isWhole)) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    const sum = (name: keyof Verdict): number =>
      this.streams.reduce((all, { verdict }) => all + verdict[name], 0);
    return {
      dropped: sum("dropped"),
      duplicated: sum("duplicated"),
      reordered: sum("reordered"),
      untold: sum("untold"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([this.#publisher.close(), this.#listener.close()]);
  }

  async #start(history: History | undefined): Promise<void> {
    await Promise.all([this.#publisher.ready, this.#listener.ready]);
    const options = history === undefined ? {} : { history };
    const topics = this.streams.map(({ name }) => this.#publisher.topic(name, z.number(), options));
    for (const stream of this.streams) {
      const { connection, socket } = await connected();
      stream.socket = socket;
      const membership = this.#listener.topic(stream.name, z.number(), options).join(connection, {
        max: 100_000,
        onGap: () => stream.came.push("gap"),
        encode: ({ payload }) => {
          stream.received(Number(payload));
          for (const resolve of this.#waiting) resolve();
          this.#waiting.clear();
          return payload;
        },
      });
      await membership.joined;
    }
    this.#timer = setInterval(() => {
      for (const [index, stream] of this.streams.entries()) {
        const number = stream.publishing();
        const taken = (): unknown => stream.taken.add(number);
        const publishing = topics[index]?.publish(number).then(taken, () => undefined);
        if (publishing !== undefined) this.#publishing.push(publishing);
      }
    }, interval);
  }
}
