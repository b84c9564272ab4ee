import type { ChildProcess } from "node:child_process";
import type { Report } from "../parent/messages.js";
import { exitCodes } from "./exit-codes.js";

/** Waits for the worker that loads the config file and the module, prints the options, and sets the exit code. */
export async function check(worker: ChildProcess): Promise<void> {
  let last: Report | undefined;
  worker.on("message", (report: Report) => {
    last = report;
  });
  await new Promise<void>((resolve) => {
    worker.once("disconnect", resolve);
    worker.once("error", () => resolve());
  });
  if (last?.type === "checked") {
    process.stdout.write(`${JSON.stringify(last.options, null, 2)}\n`);
    return;
  }
  const failure =
    last?.type === "failed" ? last : { code: exitCodes.startup, text: "the process ended by itself" };
  process.stderr.write(`ws-serve: ${failure.text}\n`);
  process.exitCode = failure.code;
}
