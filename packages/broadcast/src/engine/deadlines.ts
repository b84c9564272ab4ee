import { setMaxListeners } from "node:events";
import { BroadcastError } from "./broadcast-error.js";

/** The calls of one slot of time share a signal and a timer: a slot is a hundredth of the time-out. */
const slots = 100;

/** Signals that are aborted at a time-out, cheap enough to give one to every publish. */
export class Deadlines {
  readonly #timeout: number;
  readonly #live = new Map<AbortController, NodeJS.Timeout>();
  #current: AbortSignal = AbortSignal.abort();
  /** Until when the current slot takes calls, in ms of `performance.now()`. */
  #until = Number.NEGATIVE_INFINITY;

  /** `timeout` in ms. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /** Aborted with `ERR_WS_PUBLISH_TIMEOUT` at the time-out, or up to a hundredth of it before. */
  get signal(): AbortSignal {
    const now = performance.now();
    if (now >= this.#until) {
      this.#until = now + this.#timeout / slots;
      this.#current = this.#open();
    }
    return this.#current;
  }

  /** Aborts all with that reason; from then on nothing is timed. */
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
    // As many listen as calls are under way.
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
    // What waits for an engine is kept alive by the engine's own sockets.
    this.#live.set(controller, timer.unref());
    return controller.signal;
  }
}
