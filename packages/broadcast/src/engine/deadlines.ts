import { setMaxListeners } from "node:events";
import { BroadcastError } from "./broadcast-error.js";

/** Calls that begin in the same slot of time share a signal and a timer. A slot is a hundredth of the time-out. */
const slots = 100;

/** Makes signals that are aborted at a time-out. They are cheap enough to give one to every publish. */
export class Deadlines {
  readonly #timeout: number;
  readonly #live = new Map<AbortController, NodeJS.Timeout>();
  #current: AbortSignal = AbortSignal.abort();
  /** The end of the current slot, in ms of `performance.now()`. */
  #until = Number.NEGATIVE_INFINITY;

  /** `timeout` in ms. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** A signal that is aborted with `ERR_WS_PUBLISH_TIMEOUT` at the time-out, or up to a hundredth of it earlier. */
  get signal(): AbortSignal {
    const now = performance.now();
    if (now >= this.#until) {
      this.#until = now + this.#timeout / slots;
      this.#current = this.#open();
    }
    return this.#current;
  }

  /** Aborts all signals with that reason. From then on every signal is aborted from the beginning. */
  close(reason: BroadcastError): void {
    for (const [controller, timer] of this.#live) {
      clearTimeout(timer);
      controller.abort(reason);
    }
    this.#live.clear();
    this.#current = AbortSignal.abort(reason);
    this.#until = Number.POSITIVE_INFINITY;
  }

  #open(): AbortSignal {
    const controller = new AbortController();
    // There are as many listeners as calls under way, so Node must not warn of a leak.
    setMaxListeners(0, controller.signal);
    const timer = setTimeout(() => {
      this.#live.delete(controller);
      controller.abort(
        new BroadcastError(
          "ERR_WS_PUBLISH_TIMEOUT",
          `expected the engine's answer within ${this.#timeout} ms, got none; what was asked may be done all the same`,
        ),
      );
    }, this.#timeout);
    // The timer need not keep the process alive: the engine's own sockets do so while a call waits.
    this.#live.set(controller, timer.unref());
    return controller.signal;
  }
}
