import { resolveClosing } from "./closing.js";
import type { CloseOptions } from "./options.js";
import type { Server } from "./serve.js";

/** How to end the process. */
export interface SignalOptions extends CloseOptions {
  /** SIGTERM and SIGINT by default. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Ends the process; `process.exit` by default. */
  readonly exit?: (code: number) => void;
}

/**
 * On the first signal drains the server, then exits with 0 (with 1 where that failed); on a second exits at once with
 * 1. Returns the function that takes the listeners away.
 *
 * @throws {TypeError} for an option out of range.
 */
export function handleSignals(server: Pick<Server, "close">, options: SignalOptions = {}): () => void {
  const { signals = ["SIGTERM", "SIGINT"], exit = process.exit, ...closeOptions } = options;
  // A mistake shows at the start, not when the process should end.
  resolveClosing(closeOptions);
  let isClosing = false;
  const onSignal = (): void => {
    if (isClosing) return exit(1);
    isClosing = true;
    server.close(closeOptions).then(
      () => exit(0),
      () => exit(1),
    );
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
