import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

const program = fileURLToPath(new URL("program.fixture.ts", import.meta.url));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A server in another process, as program.fixture.ts has it. */
export class Child {
  readonly process: ChildProcess;
  /** What it said so far. */
  readonly lines: string[] = [];
  /** What it wrote on standard error. */
  errors = "";
  /** Its exit code and signal, once it has ended and all that it said is read. */
  readonly ended: Promise<unknown[]>;
  #onLine: () => void = () => {};

  /** `options` are those of `serve`, and what the program knows beside; `limit` is how many descriptors it may have. */
  constructor(options: Readonly<Record<string, unknown>> = {}, limit = 20_000) {
    const node = [
      process.execPath,
      "--import",
      "tsx",
      "--conditions=@ws/source",
      program,
      JSON.stringify(options),
    ];
    const shell = ["-c", `ulimit -n ${limit}; exec "$0" "$@"`, ...node];
    this.process = spawn("/bin/sh", shell, { stdio: ["ignore", "pipe", "pipe"] });
    started.push(this.process);
    this.ended = once(this.process, "close");
    const { stdout, stderr } = this.process;
    stderr?.on("data", (chunk) => {
      this.errors += chunk;
    });
    if (stdout !== null) createInterface(stdout).on("line", (line) => this.#said(line));
  }

  #said(line: string): void {
    this.lines.push(line);
    this.#onLine();
  }

  /** The port, once it listens. */
  async port(): Promise<number> {
    const [line = ""] = await this.said(/^open /);
    return Number(new URL(line.slice(5)).port);
  }

  /** Waits until it has said so many lines of this kind. */
  said(pattern: RegExp, count = 1): Promise<string[]> {
    const ended = this.ended.then(() => {
      throw new Error(
        `expected ${count} of ${pattern}, got its end after:\n${this.lines.join("\n")}\n${this.errors}`,
      );
    });
    const heard = new Promise<string[]>((resolve) => {
      this.#onLine = () => {
        const lines = this.lines.filter((line) => pattern.test(line));
        if (lines.length >= count) resolve(lines);
      };
      this.#onLine();
    });
    return Promise.race([heard, ended]);
  }
}
