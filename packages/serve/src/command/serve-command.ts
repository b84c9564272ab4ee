import type { ChildProcess } from "node:child_process";
import { findConfig, findTarget } from "../application/target.js";
import { currentRuntime, loaderFlags } from "../application/typescript.js";
import type { Flags } from "../options/flags.js";
import { readVariables } from "../options/variables.js";
import { spawnWorker } from "../parent/spawn-worker.js";
import type { Installation } from "./installation.js";

/** The flags for modules that Node itself loads first. */
function importFlags(flags: Flags): string[] {
  const modules = flags.values.get("import") ?? readVariables(process.env).get("import") ?? [];
  return (modules as readonly string[]).flatMap((module) => ["--import", module]);
}

/** Runs the application until it is told to end, then exits. `started` is a worker that runs already. */
export async function serveCommand(
  args: readonly string[],
  flags: Flags,
  { workerProgram, started }: Installation,
): Promise<void> {
  // A mistake in a variable should be found before a worker is started.
  readVariables(process.env);
  const folder = process.cwd();
  const { file } = findTarget(flags.target, folder);
  const config = findConfig(flags.config, folder);
  const imports = importFlags(flags);
  const runtime = currentRuntime();
  const loader = loaderFlags([file, ...(config === undefined ? [] : [config])], {
    ...runtime,
    nodeFlags: [...runtime.nodeFlags, ...imports],
  });
  const nodeFlags = [...imports, ...loader];
  const spawn = (): ChildProcess => spawnWorker(workerProgram, args, nodeFlags);
  // The rest of this program is loaded while the first worker starts.
  let first: ChildProcess | undefined = started ?? spawn();
  if (flags.isCheck) return (await import("./check.js")).check(first);
  const { exitCodes, ListenError, Parent, StartFailure, takeSignals } = await import("./parent-program.js");
  const parent = new Parent(file, () => {
    const next = first ?? spawn();
    first = undefined;
    return next;
  });
  takeSignals(parent);
  try {
    await parent.start();
  } catch (error) {
    const isExpected = error instanceof StartFailure || error instanceof ListenError;
    process.stderr.write(`ws-serve: ${isExpected ? error.message : String((error as Error).stack)}\n`);
    parent.kill();
    process.exit(error instanceof StartFailure ? error.code : exitCodes.startup);
  }
}
