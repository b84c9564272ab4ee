import { Alarm, type Alarms, Reminder } from "./alarm.js";
import type { Clock } from "./clock.js";

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
export class KeepAlive extends Alarm {
  readonly #clock: Clock;
  readonly #alarms: Alarms;
  readonly #pulse: Pulse;
  readonly #interval: number;
  readonly #timeout: number;
  readonly #deadline: Reminder = new Reminder(this);
  /** Counts the terms, so that one that ended is not judged. */
  #term = 0;
  #isAsked = false;
  #heard = 0;

  /** An `interval` of 0 ms is none. */
  constructor(clock: Clock, alarms: Alarms, pulse: Pulse, interval: number, timeout: number) {
    super();
    this.#clock = clock;
    this.#alarms = alarms;
    this.#pulse = pulse;
    this.#interval = interval;
    this.#timeout = timeout;
    if (interval > 0) alarms.set(this, interval);
  }

  stop(): void {
    this.#alarms.clear(this);
    this.#endTerm();
  }

  /** The interval is over. */
  ring(): void {
    this.#alarms.set(this, this.#interval);
    if (!this.#isAsked || !this.#isSilent) this.#ask();
  }

  /** The time-out is over. */
  rang(): void {
    const term = this.#term;
    if (this.#clock.now() - this.#deadline.due > stall) this.#ask();
    // What came while we were busy, or had it paused until just now, is read before the verdict.
    else this.#clock.nextTurn(() => this.#judge(term));
  }

  #ask(): void {
    this.#endTerm();
    if (this.#pulse.paused) return this.#pulse.probe();
    this.#heard = this.#pulse.received;
    this.#isAsked = true;
    this.#alarms.set(this.#deadline, this.#timeout);
    this.#pulse.ping();
  }

  #endTerm(): void {
    this.#term += 1;
    this.#isAsked = false;
    this.#alarms.clear(this.#deadline);
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
