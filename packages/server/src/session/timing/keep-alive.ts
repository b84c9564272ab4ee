import type { Clock } from "./clock.js";
import { type CallbackTimer, Timer, type TimerQueue } from "./timer-queue.js";

/**
 * How often a paused peer is checked in one interval: the kernel has to be without an answer at several checks before the
 * peer is lost.
 */
const looks = 4;

/** A timer that fires this much late (ms) shows that our own event loop stood still, which says nothing of the peer. */
const stall = 1_000;

/** What the keep-alive needs of a connection. */
export interface Pulse {
  readonly received: number;
  /** Whether we have stopped reading. Then an answer of the peer cannot be seen. */
  readonly paused: boolean;
  ping(): void;
  /** Asks the kernel about the peer and sends nothing. With data under way, the kernel would not ask the peer anyway. */
  probe(): void;
  /** The peer has not answered in time. */
  died(): void;
}

/**
 * Pings the peer at every interval; any byte from the peer counts as an answer. RFC 6455 §5.5.2.
 *
 * A dead peer is found within interval + timeout. Where our own event loop stood still, the peer could not be heard and gets
 * a new time-out. A peer that we paused is judged by what the kernel knows of it, and not by its silence.
 */
export class KeepAlive extends Timer {
  readonly #clock: Clock;
  readonly #timers: TimerQueue;
  readonly #pulse: Pulse;
  readonly #interval: number;
  readonly #timeout: number;
  /** The timer of the ping that waits for an answer. */
  #deadline: CallbackTimer | undefined;
  /** Counts the pings: the result of an older ping is ignored. */
  #term = 0;
  #isAsked = false;
  #heard = 0;

  /** With an `interval` of 0 ms the peer is never pinged. */
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

  /** The interval is over: the peer is pinged. */
  fire(): void {
    const { paused } = this.#pulse;
    this.#timers.set(this, paused ? this.#interval / looks : this.#interval);
    if (paused || !this.#isAsked || !this.#isSilent) this.#ask();
  }

  /** The time-out of a ping is over. */
  onTimeout(): void {
    const term = this.#term;
    const { due } = this.#deadline as CallbackTimer;
    if (this.#clock.now() - due > stall) this.#ask();
    // Bytes that came while we were busy or paused are still to be read, so the peer is judged a turn later.
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

  /** Judges the peer by one ping, unless that ping has been replaced by a newer one. */
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
