import type { Faults } from "../faults.js";

/** Follows what one member gets of one publisher, of which nothing may be missing from 1 on. */
export class Sequence implements Faults {
  duplicated = 0;
  reordered = 0;
  /** The highest that came. */
  last = 0;
  /** Those that a higher one overtook; made when there is one. */
  #missing: Set<number> | undefined;

  get lost(): number {
    return this.#missing?.size ?? 0;
  }

  take(sequence: number): void {
    if (sequence === this.last + 1) this.last = sequence;
    else if (sequence > this.last) this.#skip(sequence);
    else if (this.#missing?.delete(sequence) === true) this.reordered += 1;
    else this.duplicated += 1;
  }

  /** Says that so many were published: what did not come until now is lost. */
  end(published: number): void {
    if (published > this.last) this.#skip(published + 1);
  }

  #skip(to: number): void {
    this.#missing ??= new Set();
    if (to - this.last > 1_000_000) throw new Error(`expected ${this.last + 1}, got ${to}`);
    for (let missing = this.last + 1; missing < to; missing += 1) this.#missing.add(missing);
    this.last = to;
  }
}
