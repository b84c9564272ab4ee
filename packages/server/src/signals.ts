import { resolveClosing } from "./options/closing.js";
import type { CloseOptions } from "./options/options.js";
import type { Server } from "./serve.js";

/** How to end the process. */
export interface SignalOptions extends CloseOptions {
  /** SIGTERM and SIGINT by default. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Ends the process; `process.exit` by default. */
  readonly exit?: (code: number) => void;
}

/** A server that ends with the process. */
interface Handled {
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
}

/** Signals within so many ms of the first are that one again: a Ctrl-C reaches a program below npm and npx three times. */
const sameSignal = 1_000;

/** A signal is the process's, so all servers of it are ended together, and it exits when the last has drained. */
const handled: Set<Handled> = new Set();
/** When the first signal came, in ms of `performance.now()`. */
let began: number | undefined;

function exit(code: number): void {
  for (const each of new Set([...handled].map((server) => server.exit))) each(code);
}

/** Also those that are added while the others drain. */
async function closeAll(): Promise<void> {
  const closed = new Set<Handled>();
  let code = 0;
  for (;;) {
    const open = [...handled].filter((server) => !closed.has(server));
    if (open.length === 0) return exit(code);
    for (const server of open) closed.add(server);
    const results = await Promise.allSettled(open.map((server) => server.close()));
    if (results.some(({ status }) => status === "rejected")) code = 1;
  }
}

function onSignal(): void {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    void closeAll();
  } else if (now - began >= sameSignal) {
    exit(1);
  }
}

/**
 * On the first signal drains every server that it was called for in this process, then exits with 0 (with 1 where one
 * failed). Signals within a second of the first are the same one; a later one exits at once with 1. Returns the function
 * that takes this server out again.
 *
 * @throws {TypeError} for an option out of range.
 */
export function handleSignals(server: Pick<Server, "close">, options: SignalOptions = {}): () => void {
  const { signals = ["SIGTERM", "SIGINT"], exit = process.exit, ...closeOptions } = options;
  // A mistake shows at the start, not when the process should end.
  resolveClosing(closeOptions);
  const own: Handled = { close: async () => server.close(closeOptions), exit };
  // A listener of its own, which can be taken away alone.
  const listener = (): void => onSignal();
  handled.add(own);
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
    handled.delete(own);
    if (handled.size === 0) began = undefined;
  };
}
