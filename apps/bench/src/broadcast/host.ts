import { answerQuestions, fail } from "../rig/answer.js";
import { listenForRounds } from "../rig/listen.js";
import { cpuTime, memoryAfterCollection } from "../rig/usage.js";
import { type Numbered, numbered } from "./load/message.js";
import type { Ports, Question, ServerTask } from "./server-task.js";

/** A server whose connections are all members of one topic. */
export interface Contender {
  readonly port: number;
  /** How many have joined. */
  readonly joined: number;
  /** Lets all join who wait. */
  join(): void;
  /** Resolves when it is acknowledged, where there is such a thing. */
  publish(message: Numbered): Promise<unknown> | undefined;
}

/** Publishes for a contender, and answers for it. */
class Host {
  readonly #contender: Contender;
  readonly #task: ServerTask;
  #sequence = 0;

  constructor(contender: Contender, task: ServerTask) {
    this.#contender = contender;
    this.#task = task;
  }

  /** Publishes a round within one tick. */
  async round(count: number): Promise<void> {
    const { publisher, size } = this.#task;
    const taken: (Promise<unknown> | undefined)[] = [];
    for (let index = 0; index < count; index += 1) {
      this.#sequence += 1;
      taken.push(this.#contender.publish(numbered(publisher, this.#sequence, size)));
    }
    await Promise.all(taken);
  }

  async answer(question: Question): Promise<number> {
    if (question === "memory") return (await memoryAfterCollection()).held;
    if (question === "join") this.#contender.join();
    else if (typeof question !== "string") {
      if ("joined" in question) await this.#whenJoined(question.joined);
      else await this.#publish(question.publish);
    }
    return cpuTime();
  }

  /** Listens for what asks for a round; gives the port. */
  listen(): Promise<number> {
    return listenForRounds(() => void this.round(this.#task.burst).catch(fail));
  }

  async #whenJoined(count: number): Promise<void> {
    while (this.#contender.joined < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async #publish(count: number): Promise<void> {
    for (let left = count; left > 0; left -= this.#task.burst) {
      await this.round(Math.min(left, this.#task.burst));
      await new Promise(setImmediate);
    }
  }
}

/** Runs a contender as the process that is measured: tells its ports, then what it is asked. */
export async function run(start: (task: ServerTask) => Promise<Contender>): Promise<void> {
  const task: ServerTask = JSON.parse(process.argv[2] ?? "");
  const contender = await start(task);
  const host = new Host(contender, task);
  const controlPort = await host.listen();
  answerQuestions((question: Question) => host.answer(question));
  const ports: Ports = { port: contender.port, controlPort };
  process.send?.(ports);
}
