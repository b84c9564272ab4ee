import type { Delivery } from "../../../engine/engine.js";

/** How long a message waits for those before it, in ms. A healthy server delivers them within a few. */
const patience = 100;

/** How many messages may wait. If there are more, all of them are passed on. */
const most = 1_000;

/**
 * Puts the messages of a stream in order. A server that stores messages of several publishers republishes them from several
 * threads, so a message may overtake the one before it. A message that is still missing after a moment is taken as lost, and
 * those behind it are passed on.
 */
export class InOrder {
  readonly #deliver: (delivery: Delivery) => void;
  readonly #waiting = new Map<number, Delivery>();
  #epoch = "";
  /**
   * The sequence of the message that was passed on last; 0 before the first one, which is accepted whatever its sequence is.
   */
  #last = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(deliver: (delivery: Delivery) => void) {
    this.#deliver = deliver;
  }

  receive(delivery: Delivery): void {
    const { epoch, sequence } = delivery;
    if (epoch !== this.#epoch) this.#begin(epoch);
    if (this.#last === 0 || sequence <= this.#last + 1) {
      this.#pass(delivery);
      if (this.#waiting.size > 0) this.#goOn();
      return;
    }
    this.#waiting.set(sequence, delivery);
    this.#timer ??= setTimeout(() => this.#letGo(), patience);
    if (this.#waiting.size > most) this.#letGo();
  }

  /** Drops the messages that wait. */
  end(): void {
    this.#waiting.clear();
    this.#stopWaiting();
  }

  #begin(epoch: string): void {
    this.#letGo();
    this.#epoch = epoch;
    this.#last = 0;
  }

  #pass(delivery: Delivery): void {
    this.#last = Math.max(this.#last, delivery.sequence);
    this.#deliver(delivery);
  }

  /** Passes on the messages that no longer wait for another one. */
  #goOn(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) this.#pass(next);
    if (this.#waiting.size === 0) this.#stopWaiting();
  }

  #take(): Delivery | undefined {
    const next = this.#waiting.get(this.#last + 1);
    this.#waiting.delete(this.#last + 1);
    return next;
  }

  #letGo(): void {
    const waiting = [...this.#waiting.values()].sort((one, other) => one.sequence - other.sequence);
    this.end();
    for (const delivery of waiting) this.#pass(delivery);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
