import { isatty } from "node:tty";
import { findConfig, findTarget, type Target } from "../application/target.js";
import { type Flags, readFlags } from "../options/flags.js";

/** What the command line asks of a worker. */
export interface WorkerSetup {
  readonly flags: Flags;
  readonly target: Target;
  /** The path of the config file. */
  readonly config: string | undefined;
  readonly isTerminal: boolean;
}

/**
 * Reads the command line, which is that of the parent; standard output is that of the parent as well.
 *
 * @throws {UsageError} as the parent does.
 */
export function workerSetup(args: readonly string[]): WorkerSetup {
  const flags = readFlags(args);
  const folder = process.cwd();
  return {
    flags,
    target: findTarget(flags.target, folder),
    config: findConfig(flags.config, folder),
    isTerminal: isatty(1),
  };
}
