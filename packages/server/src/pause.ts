import type { Clock, Timer } from "./clock.js";
import type { Transport } from "./transport.js";

/** Stops a peer while the application doesn't keep up with it, and says when that lasts too long. */
export class Pause {
  readonly #clock: Clock;
  readonly #transport: Pick<Transport, "pause" | "resume">;
  readonly #timeout: number;
  readonly #onOver: () => void;
  #timer: Timer | undefined;

  /** `onOver` is called after `timeout` ms of one pause; never, where that is 0. */
  constructor(
    clock: Clock,
    transport: Pick<Transport, "pause" | "resume">,
    timeout: number,
    onOver: () => void,
  ) {
    this.#clock = clock;
    this.#transport = transport;
    this.#timeout = timeout;
    this.#onOver = onOver;
  }

  set(paused: boolean): void {
    this.#clock.clearTimeout(this.#timer);
    if (!paused) return this.#transport.resume();
    this.#transport.pause();
    if (this.#timeout > 0) this.#timer = this.#clock.setTimeout(this.#onOver, this.#timeout);
  }
}
