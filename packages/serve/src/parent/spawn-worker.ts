import { type ChildProcess, fork } from "node:child_process";

/** Of what the parent alone is told by those who started it. */
const ofTheParent = ["NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

/** Node says these of TypeScript files that run as they should. */
const quiet = ["--disable-warning=ExperimentalWarning", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"];

/** A worker that is inspected needs a port of its own. */
function forWorker(flag: string): string {
  return flag.replace(/^(--inspect(?:-brk|-wait)?)(=.*)?$/, "$1=0");
}

/** Whether somebody may have stopped the processes in a debugger. */
export function isInspected(): boolean {
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  return flags.some((flag) => flag.includes("--inspect"));
}

/**
 * Starts the process of a worker, which runs `program` and reads the command line `args` itself. `flags` are Node's own,
 * beside those of this process.
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
