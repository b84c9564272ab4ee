import { newEpoch } from "../../../engine/epoch.js";

/** How many topics are counted at a time. */
const most = 65_536;

/** Counts the messages that this process publishes: 1, 2, 3 … for each topic, in an epoch that no other process has. */
export class Sequencer {
  readonly #last = new Map<string, number>();
  #epoch = newEpoch();
  /** Called when another epoch has begun. */
  onRenewed: (() => void) | undefined;

  get epoch(): string {
    return this.#epoch;
  }

  /** The last number of that topic; `undefined` where none was used in this epoch. */
  last(topic: string): number | undefined {
    return this.#last.get(topic);
  }

  /** The next number of that topic; `take` uses it up. */
  next(topic: string): number {
    const last = this.#last.get(topic);
    if (last !== undefined) return last + 1;
    if (this.#last.size >= most) this.#renew();
    return 1;
  }

  take(topic: string, count: number): void {
    this.#last.set(topic, (this.#last.get(topic) ?? 0) + count);
  }

  /** Forgets all topics, because some may never be used again. Those that are used again continue in another epoch. */
  #renew(): void {
    this.#last.clear();
    this.#epoch = newEpoch();
    this.onRenewed?.();
  }
}
