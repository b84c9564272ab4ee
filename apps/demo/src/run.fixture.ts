import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  /** The line of that number on standard output, from 0; `undefined` where the process ends before it. */
  line(index: number): Promise<string | undefined>;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts a program of the demo, as tools/bundle-programs.mjs bundles it; it is killed after the test. */
export function run(
  env: Readonly<Record<string, string>>,
  program = "main",
  ...rest: readonly string[]
): Run {
  return start([`apps/demo/reports/${program}.mjs`, ...rest], env);
}

/** Starts the demo as `npm run demo` does when all is installed: by `ws-serve --reload`. */
export function runByCommand(env: Readonly<Record<string, string>>): Run {
  const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
  const [, command] = / && exec node (.*tools\/serve\.mjs .* --reload .*)$/.exec(scripts.demo) ?? [];
  if (command === undefined)
    throw new Error(`expected npm run demo to run ws-serve --reload, got ${scripts.demo}`);
  return start(command.split(" "), env);
}

/** Starts Node with that command line. */
export function start(command: readonly string[], env: Readonly<Record<string, string>>): Run {
  const child = spawn(process.execPath, command, { cwd: root, env: { PATH: process.env["PATH"], ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
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
