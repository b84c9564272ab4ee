import type { Logger } from "@ws/server";
import { isInspected } from "./spawn-worker.js";
import type { WorkerProcess } from "./worker-process.js";

/** How often each worker is asked for a sign of its event loop, in ms. */
const askInterval = 5_000;

/** The limits at which a worker is ended, in ms and bytes. */
export interface WellBeing {
  readonly healthcheckTimeout: number;
  readonly maxRss: number | undefined;
}

/** Kills workers whose event loop hangs, and reports those that use too much memory. */
export class WellBeingWatch {
  readonly #workers: () => Iterable<WorkerProcess>;
  readonly #logger: Logger;
  readonly #timer: NodeJS.Timeout;
  #limits: WellBeing;

  constructor(workers: () => Iterable<WorkerProcess>, limits: WellBeing, logger: Logger) {
    this.#workers = workers;
    this.#limits = limits;
    this.#logger = logger;
    this.#timer = setInterval(() => this.#ask(), Math.min(askInterval, limits.healthcheckTimeout / 4));
  }

  set limits(limits: WellBeing) {
    this.#limits = limits;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether a worker uses more memory than allowed. */
  isTooLarge(rss: number): boolean {
    return rss > (this.#limits.maxRss ?? Number.POSITIVE_INFINITY);
  }

  #ask(): void {
    // A worker that is stopped in a debugger is healthy.
    if (isInspected()) return;
    const now = performance.now();
    for (const worker of this.#workers()) {
      if (worker.state !== "ready") continue;
      const silence = now - worker.heardAt;
      if (silence > this.#limits.healthcheckTimeout) {
        this.#logger.error("a worker's event loop hangs: it is killed", {
          worker: worker.pid,
          silence: `${Math.round(silence)} ms`,
        });
        worker.kill();
      } else worker.say({ type: "ping" });
    }
  }
}
