import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { quantile } from "../rig/statistics.js";
import { orderOf } from "../rig/turns.js";
import { Worker } from "../rig/worker.js";
import type { Effort } from "./timing.js";
import type { Order, RouterTask } from "./worker.js";

/** Nanoseconds a look-up over the rounds: the median, and the middle half of them. */
export interface Timing {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const program = fileURLToPath(new URL("worker.ts", import.meta.url));

function startWorker(task: RouterTask): Worker {
  return new Worker(program, { core: 0, task, nodeArguments: process.execArgv });
}

/** The contenders side by side, for one kind of look-ups. */
export class Race {
  readonly #workers: ReadonlyMap<string, Worker>;

  constructor(names: readonly string[], kind: string) {
    this.#workers = new Map(names.map((contender) => [contender, startWorker({ contender, kind })]));
  }

  /** Resolves when all can be asked. */
  async begin(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.next()));
  }

  /** Times every contender in turn, round by round. */
  async run(size: number, effort: Effort): Promise<Map<string, Timing>> {
    let expected: unknown;
    for (const [name, worker] of this.#workers) {
      const answers = await worker.ask({ size, effort } satisfies Order);
      expected ??= answers;
      if (!isDeepStrictEqual(answers, expected))
        throw new Error(`expected other routes and params of ${name}`);
    }
    const times = new Map([...this.#workers.keys()].map((name) => [name, [] as number[]]));
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const [name, worker] of orderOf([...this.#workers], round)) {
        times.get(name)?.push(await worker.ask<number>("round" satisfies Order));
      }
    }
    return new Map([...times].map(([name, taken]) => [name, timingOf(taken)]));
  }

  async end(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
  }
}

function timingOf(times: readonly number[]): Timing {
  return { median: quantile(times, 0.5), low: quantile(times, 0.25), high: quantile(times, 0.75) };
}
