import type { Logger } from "@ws/server";
import { isInspected } from "./spawn-worker.js";
import type { WorkerProcess } from "./worker-process.js";

/** How often each worker is asked whether its event loop still turns, in ms. */
const askInterval = 5_000;

/** What is a worker's end: all in ms and bytes. */
export interface WellBeing {
  readonly healthcheckTimeout: number;
  readonly maxRss: number | undefined;
}

/** Kills workers whose event loop hangs, and tells of those that take too much memory. */
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

  /** Whether a worker takes more memory than it may. */
  isTooLarge(rss: number): boolean {
    return rss > (this.#limits.maxRss ?? Number.POSITIVE_INFINITY);
  }

  #ask(): void {
    // One that stands in a debugger is well.
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
