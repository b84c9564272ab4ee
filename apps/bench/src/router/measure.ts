import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Effort } from "./timing.js";
import type { Order } from "./worker.js";

/** Nanoseconds a look-up over the rounds: the median, and the middle half of them. */
export interface Timing {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** The contenders side by side, for one kind of look-ups. */
export class Race {
  readonly #workers: readonly { readonly name: string; readonly process: ChildProcess }[];

  constructor(names: readonly string[], kind: string) {
    this.#workers = names.map((name) => ({ name, process: fork(worker, [name, kind]) }));
  }

  /** Times every contender in turn, round by round, with the order turned each time. */
  async run(size: number, effort: Effort): Promise<Map<string, Timing>> {
    let expected: unknown;
    for (const { name, process } of this.#workers) {
      const answers = await ask(process, { size, effort });
      expected ??= answers;
      if (!isDeepStrictEqual(answers, expected))
        throw new Error(`expected other routes and params of ${name}`);
    }
    const times = new Map(this.#workers.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < effort.rounds; round += 1) {
      const first = round % this.#workers.length;
      for (const { name, process } of [...this.#workers.slice(first), ...this.#workers.slice(0, first)]) {
        times.get(name)?.push(Number(await ask(process, "round")));
      }
    }
    return new Map([...times].map(([name, taken]) => [name, timingOf(taken)]));
  }

  end(): void {
    for (const { process } of this.#workers) process.kill();
  }
}

async function ask(process: ChildProcess, order: Order): Promise<unknown> {
  process.send(order);
  const failed = once(process, "exit").then(() => {
    throw new Error("expected an answer of a contender's process, which ended");
  });
  const [answer] = await Promise.race([once(process, "message"), failed]);
  return answer;
}

function timingOf(times: number[]): Timing {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
