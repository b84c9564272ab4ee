import type { Clock, TimerHandle } from "./timing/clock.js";
import type { OpenSocket } from "./transport.js";

/** Stops reading from a peer while the application doesn't keep up with it, and reports a pause that lasts too long. */
export class Pause {
  readonly #clock: Clock;
  readonly #socket: Pick<OpenSocket, "pause" | "resume">;
  readonly #timeout: number;
  readonly #onOver: () => void;
  #timer: TimerHandle | undefined;

  /** `onOver` is called when one pause has lasted `timeout` ms; with a `timeout` of 0 it is never called. */
  constructor(
    clock: Clock,
    socket: Pick<OpenSocket, "pause" | "resume">,
    timeout: number,
    onOver: () => void,
  ) {
    this.#clock = clock;
    this.#socket = socket;
    this.#timeout = timeout;
    this.#onOver = onOver;
  }

  set(paused: boolean): void {
    this.#clock.clearTimeout(this.#timer);
    if (!paused) return this.#socket.resume();
    this.#socket.pause();
    if (this.#timeout > 0) this.#timer = this.#clock.setTimeout(this.#onOver, this.#timeout);
  }
}
