import { type ChildProcess, fork } from "node:child_process";

/** Variables that are meant only for the parent, from those who started it. */
const ofTheParent = ["NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

/** Flags that suppress Node's warnings about TypeScript files that run correctly. */
const quiet = ["--disable-warning=ExperimentalWarning", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"];

/** A flag for a worker: a worker that is inspected needs a port of its own. */
function forWorker(flag: string): string {
  return flag.replace(/^(--inspect(?:-brk|-wait)?)(=.*)?$/, "$1=0");
}

/** Whether the processes may be stopped in a debugger. */
export function isInspected(): boolean {
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  return flags.some((flag) => flag.includes("--inspect"));
}

/**
 * Starts the process of a worker, which runs `program` and reads the command line `args` itself. `flags` are for Node, in
 * addition to those of this process.
 */
export function spawnWorker(
  program: string,
  args: readonly string[],
  flags: readonly string[],
): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofTheParent.includes(name)));
  return fork(program, args, {
    env,
    execArgv: [...process.execArgv.map(forWorker), ...quiet, ...flags],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}
