import { writeFileSync } from "node:fs";
import { describeMachine } from "./machine.js";

/** Writes all figures of a run into one file, beside the machine and the versions of `packages`; without a file nothing. */
export function writeJson(file: string | undefined, packages: readonly string[], figures: object): void {
  if (file === undefined) return;
  const all = { machine: describeMachine(packages), ...figures };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}
