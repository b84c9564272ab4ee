import { resolveClosing } from "./options/closing.js";
import type { CloseOptions } from "./options/options.js";
import type { Server } from "./serve.js";

/** Options for ending the process. */
export interface SignalOptions extends CloseOptions {
  /** The signals that end the process; SIGTERM and SIGINT by default. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Ends the process; `process.exit` by default. */
  readonly exit?: (code: number) => void;
}

/** A server that is closed when the process ends. */
interface Handled {
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
}

/**
 * Signals that follow the first one within so many ms count as the same one: with npm and npx in between, one Ctrl-C reaches
 * the program three times.
 */
const sameSignal = 1_000;

/**
 * A signal is meant for the process, so all of its servers are closed together, and it exits when the last one has drained.
 */
const handled: Set<Handled> = new Set();
/** When the first signal came, in ms of `performance.now()`. */
let began: number | undefined;

function exit(code: number): void {
  for (const each of new Set([...handled].map((server) => server.exit))) each(code);
}

/** Closes all servers, including those that are added while others drain. */
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
 * On the first signal, drains every server of this process for which it was called, then exits with 0 (with 1 where one of
 * them failed). Signals within a second of the first are taken for the same one; a later one exits at once with 1. It
 * returns the function that takes this server out again.
 *
 * @throws {TypeError} for an option out of range.
 */
export function handleSignals(server: Pick<Server, "close">, options: SignalOptions = {}): () => void {
  const { signals = ["SIGTERM", "SIGINT"], exit = process.exit, ...closeOptions } = options;
  // A mistake should show at the start, and not when the process ends.
  resolveClosing(closeOptions);
  const own: Handled = { close: async () => server.close(closeOptions), exit };
  // Each call has a listener of its own, so that it can be removed alone.
  const listener = (): void => onSignal();
  handled.add(own);
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
    handled.delete(own);
    if (handled.size === 0) began = undefined;
  };
}
