import type { Clock } from "./clock.js";
import { Timer, type TimerQueue } from "./timer-queue.js";

/** How often an unfinished message is checked in one time-out: it is found at most a quarter late, and never early. */
const looks = 4;

/** A check that comes this late (ms) shows that our own event loop stood still, which says nothing of the peer. */
const stall = 1_000;

/** What the deadline needs of a connection. */
export interface Intake {
  /** The number of the message that has begun and is not complete; 0 where there is none. */
  readonly unfinished: number;
  /** Whether we have stopped reading. */
  readonly paused: boolean;
  /** A message took longer than the time-out. */
  late(): void;
}

/**
 * Bounds how long one message may take from its first byte to its last, whatever else comes meanwhile. It checks now and
 * then which message is under way, so that a message needs no timer of its own.
 */
export class MessageDeadline extends Timer {
  readonly #clock: Clock;
  readonly #timers: TimerQueue;
  readonly #intake: Intake;
  readonly #interval: number;
  /** The message that was under way at the last check; 0 where there was none. */
  #message = 0;
  /** At how many checks in a row this message was under way. */
  #age = 0;

  /** With a `timeout` of 0 ms there is no deadline. */
  constructor(clock: Clock, timers: TimerQueue, intake: Intake, timeout: number) {
    super();
    this.#clock = clock;
    this.#timers = timers;
    this.#intake = intake;
    this.#interval = timeout / looks;
    if (timeout > 0) timers.set(this, this.#interval);
  }

  stop(): void {
    this.#timers.clear(this);
  }

  /** The time of a check. */
  fire(): void {
    const isOnTime = this.#clock.now() - this.due <= stall;
    this.#timers.set(this, this.#interval);
    this.#grow(isOnTime);
    if (this.#age <= looks) return;
    this.stop();
    this.#intake.late();
  }

  /**
   * Updates the age of the message: it is 1 at the first check that finds the message, and each later check that comes on
   * time adds 1.
   */
  #grow(isOnTime: boolean): void {
    const { unfinished, paused } = this.#intake;
    if (unfinished !== this.#message || paused) this.#age = 0;
    this.#message = unfinished;
    if (unfinished === 0 || paused) return;
    if (this.#age === 0 || isOnTime) this.#age += 1;
  }
}
