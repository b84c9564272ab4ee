import type { Delivery } from "../../../engine/engine.js";

/** How long a message waits for those before it, in ms; a server that is well brings them within a few. */
const patience = 100;

/** As many messages wait; above, they are let go as they are. */
const most = 1_000;

/**
 * Puts the messages of a stream in order. A server that takes messages of several publishers publishes what it has stored
 * again from several threads, and so a message may overtake the one before it. What is still missing after a moment is
 * lost, for all that is known here: then those behind it go on.
 */
export class InOrder {
  readonly #deliver: (delivery: Delivery) => void;
  readonly #waiting = new Map<number, Delivery>();
  #epoch = "";
  /** Of the message that was let through last; 0 before the first one, which is believed. */
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

  /** What waits is let go of. */
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

  /** Lets those through that no longer wait for another one. */
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
