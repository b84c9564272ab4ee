import type { ChildProcess } from "node:child_process";

/** Where the command finds its own files. */
export interface Installation {
  /** The path of the program that each worker runs. */
  readonly workerProgram: string;
  /** The package's package.json. */
  readonly manifest: URL;
  /** A worker for the same command line that was started before this program was loaded. */
  readonly started?: ChildProcess;
}
