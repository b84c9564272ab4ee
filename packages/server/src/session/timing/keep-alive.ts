import type { Clock } from "./clock.js";
import { type CallbackTimer, Timer, type TimerQueue } from "./timer-queue.js";

/** How often a paused peer is looked at in one interval: its kernel's silence has to last for several looks. */
const looks = 4;

/** A timer that fires this much late (ms) tells of our own stall, not of the peer's silence. */
const stall = 1_000;

/** What the keep-alive asks of a connection. */
export interface Pulse {
  readonly received: number;
  /** Whether we ourselves stopped reading: then the peer's answer can't be seen. */
  readonly paused: boolean;
  ping(): void;
  /** Asks the kernel alone, and sends nothing: what is under way would keep it from asking the peer. */
  probe(): void;
  /** The peer gave no sign in time. */
  died(): void;
}

/**
 * Asks the peer for a sign of life at every interval; any byte from it is one. RFC 6455 §5.5.2.
 *
 * A peer that dies is found within interval + timeout. One that could not be heard because our own event loop stood
 * still gets a new term. One that we paused is not judged by its silence, but by what the kernel knows of it.
 */
export class KeepAlive extends Timer {
  readonly #clock: Clock;
  readonly #timers: TimerQueue;
  readonly #pulse: Pulse;
  readonly #interval: number;
  readonly #timeout: number;
  /** Set while an answer is due. */
  #deadline: CallbackTimer | undefined;
  /** Counts the terms, so that one that ended is not judged. */
  #term = 0;
  #isAsked = false;
  #heard = 0;

  /** An `interval` of 0 ms is none. */
  constructor(clock: Clock, timers: TimerQueue, pulse: Pulse, interval: number, timeout: number) {
    super();
    this.#clock = clock;
    this.#timers = timers;
    this.#pulse = pulse;
    this.#interval = interval;
    this.#timeout = timeout;
    if (interval > 0) timers.set(this, interval);
  }

  stop(): void {
    this.#timers.clear(this);
    this.#endTerm();
  }

  /** The interval is over. */
  fire(): void {
    const { paused } = this.#pulse;
    this.#timers.set(this, paused ? this.#interval / looks : this.#interval);
    if (paused || !this.#isAsked || !this.#isSilent) this.#ask();
  }

  /** The time-out is over. */
  onTimeout(): void {
    const term = this.#term;
    const { due } = this.#deadline as CallbackTimer;
    if (this.#clock.now() - due > stall) this.#ask();
    // What came while we were busy, or had it paused until just now, is read before the verdict.
    else this.#clock.nextTurn(() => this.#judge(term));
  }

  #ask(): void {
    this.#endTerm();
    if (this.#pulse.paused) return this.#pulse.probe();
    this.#heard = this.#pulse.received;
    this.#isAsked = true;
    this.#deadline = this.#timers.start(this, this.#timeout);
    this.#pulse.ping();
  }

  #endTerm(): void {
    this.#term += 1;
    this.#isAsked = false;
    this.#timers.clear(this.#deadline);
    this.#deadline = undefined;
  }

  /** Ends a term that is still running. */
  #judge(term: number): void {
    if (term !== this.#term) return;
    this.#endTerm();
    if (!this.#isSilent || this.#pulse.paused) return;
    this.stop();
    this.#pulse.died();
  }

  get #isSilent(): boolean {
    return this.#pulse.received === this.#heard;
  }
}
