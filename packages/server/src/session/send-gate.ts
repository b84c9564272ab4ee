import type { ConnectionClosed } from "@ws/events";
import type { Clock, TimerHandle } from "./timing/clock.js";

/** How many sends may start to wait after the turn in which the first one did. One more means that nobody awaits them. */
const maxLater = 16;
/**
 * How many times the high-water mark may be buffered while several sends wait, even if all are awaited. The mark counts as
 * at least 64 KiB here.
 */
const maxMarks = 16;
const leastMark = 65_536;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: ConnectionClosed) => void;
}

/** Holds the sends that wait for the peer to read. */
export class SendGate {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #most: number;
  readonly #onSlow: () => void;
  #waiting: Waiter[] = [];
  #timer: TimerHandle | undefined;
  /**
   * Whether the turn in which the first send began to wait still goes on. The sends of one turn are not counted, because the
   * application holds their messages in memory anyway.
   */
  #isFirstTurn = false;
  #later = 0;

  /**
   * `onSlow` is called when the peer has not read in `timeout` ms, or more is sent than anybody can await; `mark` is the
   * high-water mark in bytes.
   */
  constructor(clock: Clock, timeout: number, mark: number, onSlow: () => void) {
    this.#clock = clock;
    this.#timeout = timeout;
    this.#most = maxMarks * Math.max(mark, leastMark);
    this.#onSlow = onSlow;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Waits until the gate opens, and rejects when the connection ends first. `held` is how many bytes are buffered. */
  wait(held: number): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    // An application need not await a send, so the rejection at the end of a connection must not end the process.
    promise.catch(() => {});
    if (this.#timer === undefined) this.#begin();
    else if (!this.#isFirstTurn) this.#later += 1;
    // A single message of any size is accepted. A socket that takes nothing any more (Infinity) is about to end by itself.
    const isTooMuch = this.#waiting.length > 1 && held > this.#most && held < Number.POSITIVE_INFINITY;
    if (this.#later > maxLater || isTooMuch) this.#onSlow();
    return promise;
  }

  /** The first send begins to wait: this starts the time-out. */
  #begin(): void {
    this.#timer = this.#clock.setTimeout(this.#onSlow, this.#timeout);
    this.#isFirstTurn = true;
    this.#later = 0;
    this.#clock.nextTurn(() => {
      this.#isFirstTurn = false;
    });
  }

  /** The buffer is below its mark: all sends resolve. */
  open(): void {
    for (const { resolve } of this.#take()) resolve();
  }

  /** The connection has ended: all sends reject. */
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
