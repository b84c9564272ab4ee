import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How long an example may take before it is taken to hang, in ms. */
const patience = 60_000;

const runner = fileURLToPath(new URL("run-programs.mjs", import.meta.url));

/**
 * Runs bundled programs in as few processes as they allow; gives what those that failed have written, by their paths.
 *
 * A process for each would cost more than all of them do, since each would load the packages anew.
 */
export async function runPrograms(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const failures = new Map<string, string>();
  for (let left = paths; left.length > 0; ) {
    const { passed, output } = await runUntilFailure(runner, left);
    const failed = left[passed];
    if (failed !== undefined) failures.set(failed, output);
    left = left.slice(passed + 1);
  }
  return failures;
}

/** Runs a file of tests of `node:test`, which ends when its last test has, and not with its last line. */
export async function runTests(path: string): Promise<string | undefined> {
  const { code, output } = await runUntilFailure(path, [], ["--test-force-exit"]);
  return code === 0 ? undefined : output;
}

interface Run {
  readonly code: number | null;
  /** How many programs have ended well. */
  readonly passed: number;
  /** What was written since the last of them. */
  readonly output: string;
}

function runUntilFailure(
  program: string,
  paths: readonly string[],
  flags: readonly string[] = [],
): Promise<Run> {
  return new Promise((resolve) => {
    const execArgv = ["--enable-source-maps", ...flags];
    const child = fork(program, [...paths], { execArgv, silent: true });
    let passed = 0;
    let output = "";
    const hang = setTimeout(() => child.kill("SIGKILL"), patience);
    const write = (chunk: Buffer): void => {
      output += chunk;
    };
    child.stdout?.on("data", write);
    child.stderr?.on("data", write);
    child.on("message", () => {
      hang.refresh();
      passed += 1;
      output = "";
    });
    child.on("close", (code, signal) => {
      clearTimeout(hang);
      resolve({
        code,
        passed,
        output: signal === null ? output : `${output}\nnot over after ${patience} ms`,
      });
    });
  });
}
