import type { Clock, Timer } from "./clock.js";

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
}

/**
 * Asks the peer for a sign of life at every interval; any byte from it is one. RFC 6455 §5.5.2.
 *
 * A peer that dies is found within interval + timeout. One that could not be heard because our own event loop stood
 * still gets a new term. One that we paused is not judged by its silence, but by what the kernel knows of it.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #pulse: Pulse;
  readonly #interval: number;
  readonly #timeout: number;
  readonly #onDead: () => void;
  #beatTimer: Timer | undefined;
  #deadline: Timer | undefined;
  #due = 0;
  #heard = 0;

  constructor(clock: Clock, pulse: Pulse, interval: number, timeout: number, onDead: () => void) {
    this.#clock = clock;
    this.#pulse = pulse;
    this.#interval = interval;
    this.#timeout = timeout;
    this.#onDead = onDead;
    if (interval > 0) this.#rest();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#beatTimer);
    this.#clock.clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #rest(): void {
    this.#beatTimer = this.#clock.setTimeout(() => this.#beat(), this.#interval);
  }

  #beat(): void {
    this.#rest();
    if (this.#deadline !== undefined && this.#silent) return;
    this.#clock.clearTimeout(this.#deadline);
    this.#ask();
  }

  #ask(): void {
    this.#deadline = undefined;
    if (this.#pulse.paused) return this.#pulse.probe();
    this.#heard = this.#pulse.received;
    this.#due = this.#clock.now() + this.#timeout;
    this.#deadline = this.#clock.setTimeout(() => this.#judge(), this.#timeout);
    this.#pulse.ping();
  }

  #judge(): void {
    const deadline = this.#deadline;
    if (this.#clock.now() - this.#due > stall) this.#ask();
    // What came while we were busy, or had it paused until just now, is read before the verdict.
    else this.#clock.nextTurn(() => this.#decide(deadline));
  }

  /** Ends a term that is still running. */
  #decide(deadline: Timer | undefined): void {
    if (deadline !== this.#deadline) return;
    this.#deadline = undefined;
    if (!this.#silent || this.#pulse.paused) return;
    this.stop();
    this.#onDead();
  }

  get #silent(): boolean {
    return this.#pulse.received === this.#heard;
  }
}
