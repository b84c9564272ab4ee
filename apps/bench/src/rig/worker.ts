import { type ChildProcess, spawn, spawnSync } from "node:child_process";

/** How a process is started. */
export interface WorkerOptions {
  /** Which core it is pinned to, where the system can. */
  readonly core: number;
  /** Its first argument, as JSON. */
  readonly task?: unknown;
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether processes can be pinned to cores. */
export const canPin: boolean = spawnSync("taskset", ["-c", "0,1", "true"]).status === 0;

/** A program in a process of its own, which is asked and answers; it ends with this one. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;
  #isStopping = false;

  constructor(program: string, { core, task, nodeArguments = [], env = {} }: WorkerOptions) {
    const command = [process.execPath, ...nodeArguments, program, JSON.stringify(task ?? null)];
    const [file = "", ...rest] = canPin ? ["taskset", "-c", String(core), ...command] : command;
    this.#child = spawn(file, rest, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, ...env },
    });
    this.#ended = new Promise((_, reject) => {
      this.#child.on("error", reject);
      this.#child.on("exit", (code, signal) => {
        if (!this.#isStopping) reject(new Error(`${program} ended with ${code ?? signal}`));
      });
    });
    // Whoever asks hears of it.
    this.#ended.catch(() => {});
  }

  /** What it says next. */
  next<Answer>(): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.#child.once("message", resolve as () => void));
    return Promise.race([answer, this.#ended]);
  }

  ask<Answer>(question: string | object): Promise<Answer> {
    const answer = this.next<Answer>();
    this.#child.send(question);
    return answer;
  }

  /** Lets it end by itself, so that a profile is written; resolves when it has. */
  stop(): Promise<void> {
    this.#isStopping = true;
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#child.once("exit", () => resolve());
      if (this.#child.connected) this.#child.disconnect();
    });
  }
}
