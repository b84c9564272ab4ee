import type { ConnectionClosed } from "@ws/events";
import type { Clock, Timer } from "./clock.js";

/** How many sends may wait at once; one more means that nobody awaits them. */
const maxWaiting = 16;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: ConnectionClosed) => void;
}

/** The sends that wait for the peer to read. */
export class OutboundGate {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #onSlow: () => void;
  #waiting: Waiter[] = [];
  #timer: Timer | undefined;

  /** `onSlow` is called when the peer has not read in `timeout` ms, or more sends wait than anybody can await. */
  constructor(clock: Clock, timeout: number, onSlow: () => void) {
    this.#clock = clock;
    this.#timeout = timeout;
    this.#onSlow = onSlow;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Waits until the gate opens; rejects when the connection ends first. */
  wait(): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    // Fire and forget is legal: a connection that ends must not end the process.
    promise.catch(() => {});
    this.#timer ??= this.#clock.setTimeout(this.#onSlow, this.#timeout);
    if (this.#waiting.length > maxWaiting) this.#onSlow();
    return promise;
  }

  /** The buffer is below its mark. */
  open(): void {
    for (const { resolve } of this.#take()) resolve();
  }

  /** The connection has ended. */
  fail(error: ConnectionClosed): void {
    for (const { reject } of this.#take()) reject(error);
  }

  #take(): readonly Waiter[] {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
