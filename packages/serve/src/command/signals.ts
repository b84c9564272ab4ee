import { isatty } from "node:tty";
import { exitCodes } from "./exit-codes.js";
import type { Parent } from "./parent.js";

/** Signals within so many ms of the first are that one again: a Ctrl-C reaches a program below npm and npx three times. */
const sameSignal = 1_000;

/** Does what signals ask for. */
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
  // A terminal that is closed says so by this one, too.
  process.on("SIGHUP", () => (isatty(0) ? end() : parent.hangUp()));
  process.on("SIGTTIN", () => parent.scale(1));
  process.on("SIGTTOU", () => parent.scale(-1));
}
