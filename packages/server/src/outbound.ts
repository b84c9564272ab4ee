import type { ConnectionClosed } from "@ws/events";
import type { Clock, Timer } from "./clock.js";

/** How many sends may come to wait after the turn in which the first did; one more means that nobody awaits them. */
const maxLater = 16;

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
  /** Whether the turn in which the first came to wait goes on: what one turn sends, the application holds in any case. */
  #isFirstTurn = false;
  #later = 0;

  /** `onSlow` is called when the peer has not read in `timeout` ms, or more sends come to wait than anybody can await. */
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
    if (this.#timer === undefined) this.#begin();
    else if (!this.#isFirstTurn) this.#later += 1;
    if (this.#later > maxLater) this.#onSlow();
    return promise;
  }

  /** The first has come to wait. */
  #begin(): void {
    this.#timer = this.#clock.setTimeout(this.#onSlow, this.#timeout);
    this.#isFirstTurn = true;
    this.#later = 0;
    this.#clock.nextTurn(() => {
      this.#isFirstTurn = false;
    });
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
