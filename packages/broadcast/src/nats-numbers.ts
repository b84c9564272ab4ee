import { randomBytes } from "node:crypto";

/** How many topics are counted at a time. */
const most = 65_536;

/** The numbers of what this process publishes: for each topic 1, 2, 3 …, in an epoch that no other process has. */
export class Numbers {
  readonly #last = new Map<string, number>();
  #epoch = newEpoch();

  get epoch(): string {
    return this.#epoch;
  }

  /** The next of that topic; it is taken by `take`. */
  next(topic: string): number {
    const last = this.#last.get(topic);
    if (last !== undefined) return last + 1;
    if (this.#last.size >= most) this.#renew();
    return 1;
  }

  take(topic: string, count: number): void {
    this.#last.set(topic, (this.#last.get(topic) ?? 0) + count);
  }

  /** Forgets topics that may never come again; those that do go on in another epoch. */
  #renew(): void {
    this.#last.clear();
    this.#epoch = newEpoch();
  }
}

/** 120 random bits, of 0-9 and a-f. */
export function newEpoch(): string {
  return randomBytes(15).toString("hex");
}
