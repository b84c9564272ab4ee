import { isatty } from "node:tty";
import { exitCodes } from "./exit-codes.js";
import type { Parent } from "./parent.js";

/**
 * Signals that follow the first one within so many ms count as the same one: with npm and npx in between, one Ctrl-C reaches
 * the program three times.
 */
const sameSignal = 1_000;

/** Connects the signals of the process with what they ask for. */
export function takeSignals(parent: Parent): void {
  let began: number | undefined;
  const end = (): void => {
    const now = performance.now();
    if (began === undefined) {
      began = now;
      void parent.end().then((code) => process.exit(code));
    } else if (now - began >= sameSignal) {
      parent.kill();
      process.exit(exitCodes.forced);
    }
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  // A terminal that is closed sends this signal as well.
  process.on("SIGHUP", () => (isatty(0) ? end() : parent.hangUp()));
  process.on("SIGTTIN", () => parent.scale(1));
  process.on("SIGTTOU", () => parent.scale(-1));
}
