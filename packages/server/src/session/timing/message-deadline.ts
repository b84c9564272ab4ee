import type { Clock } from "./clock.js";
import { Timer, type TimerQueue } from "./timer-queue.js";

/** How often it is looked in one time-out: a message ages out at most a quarter late, and never early. */
const looks = 4;

/** A look that comes this late (ms) tells of our own stall, not of the peer. */
const stall = 1_000;

/** What the deadline asks of a connection. */
export interface Intake {
  /** Identifies the message that has begun and is not whole; 0 where there is none. */
  readonly unfinished: number;
  /** Whether we ourselves stopped reading. */
  readonly paused: boolean;
  /** A message took longer than it may. */
  late(): void;
}

/**
 * Bounds how long one message may take, from its first byte to its last, whatever else comes meanwhile. It only looks
 * now and then which message is under way, so that a message costs no timer.
 */
export class MessageDeadline extends Timer {
  readonly #clock: Clock;
  readonly #timers: TimerQueue;
  readonly #intake: Intake;
  readonly #interval: number;
  /** The message that was under way at the last look; 0 where none was. */
  #message = 0;
  /** At how many looks in a row it was under way. */
  #age = 0;

  /** A `timeout` of 0 ms is none. */
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

  /** Looks. */
  fire(): void {
    const isOnTime = this.#clock.now() - this.due <= stall;
    this.#timers.set(this, this.#interval);
    this.#grow(isOnTime);
    if (this.#age <= looks) return;
    this.stop();
    this.#intake.late();
  }

  /** The first look that finds the message makes it 1 old, later ones older, but for those after a stall. */
  #grow(isOnTime: boolean): void {
    const { unfinished, paused } = this.#intake;
    if (unfinished !== this.#message || paused) this.#age = 0;
    this.#message = unfinished;
    if (unfinished === 0 || paused) return;
    if (this.#age === 0 || isOnTime) this.#age += 1;
  }
}
