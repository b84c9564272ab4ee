import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Bundled by tools/bundle-programs.mjs. */
const program = fileURLToPath(new URL("../../reports/program.fixture.mjs", import.meta.url));

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

  /**
   * `options` are those of `serve`, and what the program knows beside; `limit` is how many descriptors it may have, and
   * `inherited` are some of ours that it is given, as 3, 4 …
   */
  constructor(
    options: Readonly<Record<string, unknown>> = {},
    limit = 20_000,
    inherited: readonly number[] = [],
  ) {
    const node = [process.execPath, "--enable-source-maps", program, JSON.stringify(options)];
    const shell = ["-c", `ulimit -n ${limit}; exec "$0" "$@"`, ...node];
    this.process = spawn("/bin/sh", shell, { stdio: ["ignore", "pipe", "pipe", ...inherited] });
    // A hook of this module would be one of the first file alone that loads it: the files of a worker share modules.
    onTestFinished(() => void this.process.kill("SIGKILL"));
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
