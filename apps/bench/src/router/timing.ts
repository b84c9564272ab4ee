import type { LookUp } from "./cases.js";
import type { Filled } from "./contenders.js";

/** How much is measured: a round has at most `lookUps`, fewer where they would take more than `patience` ms. */
export interface Effort {
  readonly rounds: number;
  readonly lookUps: number;
  readonly patience: number;
}

/** So few paths are new at a time that moving them from one heap to another is not what is measured. */
const chunk = 500;

/** One router with the look-ups that it is timed with. */
export class Timed {
  readonly #filled: Filled;
  readonly #bytes: Buffer;
  readonly #ends: number[] = [];
  readonly #misses: boolean;
  readonly #count: number;

  /** Warms up, too: a compiler has done its work after it. */
  constructor(filled: Filled, lookUps: readonly LookUp[], patience: number) {
    this.#filled = filled;
    this.#misses = lookUps[0]?.route === undefined;
    this.#bytes = Buffer.from(lookUps.map(({ path }) => path).join(""), "latin1");
    let end = 0;
    for (const { path } of lookUps) {
      end += path.length;
      this.#ends.push(end);
    }
    let count = 16;
    while (count < lookUps.length && this.#time(count) < patience * 1e6) count *= 2;
    this.#count = Math.min(count, lookUps.length);
    for (let warm = 0; warm < 4; warm += 1) this.#time(this.#count);
  }

  /** Nanoseconds a look-up. */
  round(): number {
    return this.#time(this.#count) / this.#count;
  }

  #time(count: number): number {
    let taken = 0;
    for (let from = 0; from < count; from += chunk) {
      taken += this.#timeChunk(this.#fresh(from, Math.min(chunk, count - from)));
    }
    return taken;
  }

  /** Strings that no one has seen yet, so that none comes with its hash: a server's paths are as new. */
  #fresh(from: number, count: number): string[] {
    return Array.from({ length: count }, (_, offset) => {
      const index = (from + offset) % this.#ends.length;
      return this.#bytes.toString("latin1", index === 0 ? 0 : this.#ends[index - 1], this.#ends[index]);
    });
  }

  /** The misses are counted so that no look-up can be left out. */
  #timeChunk(paths: readonly string[]): number {
    let missed = 0;
    const start = process.hrtime.bigint();
    for (const path of paths) if (!this.#filled.find(path)) missed += 1;
    const taken = Number(process.hrtime.bigint() - start);
    if (missed !== (this.#misses ? paths.length : 0))
      throw new Error(`expected no other misses, got ${missed}`);
    return taken;
  }
}
