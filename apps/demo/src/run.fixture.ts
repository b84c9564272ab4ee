import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

export interface Run {
  readonly child: ChildProcess;
  /** The line of that number on standard output, from 0; `undefined` where the process ends before it. */
  line(index: number): Promise<string | undefined>;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts a program of the demo as the root's scripts do; killed after the test. */
export function run(
  env: Readonly<Record<string, string>>,
  program = "main.ts",
  ...rest: readonly string[]
): Run {
  const command = ["--import", "tsx", "--conditions=@ws/source", `apps/demo/src/${program}`, ...rest];
  const child = spawn(process.execPath, command, { cwd: root, env: { PATH: process.env["PATH"], ...env } });
  started.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const closed = once(child, "close");
  const line = async (index: number): Promise<string | undefined> => {
    while (output.stdout.split("\n").length <= index + 1) {
      const isOver = child.stdout.readableEnded;
      if (isOver) return undefined;
      await Promise.race([once(child.stdout, "data"), closed]);
    }
    return output.stdout.split("\n")[index];
  };
  return { child, line, ended: closed.then(([code]) => ({ code, ...output })) };
}

/** What stands after `Open ` in a line. */
export function addressIn(line: string | undefined): string {
  return String(line).slice("Open ".length);
}
