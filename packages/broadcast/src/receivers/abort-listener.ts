import { setMaxListeners } from "node:events";

/**
 * Listens for the abort of a signal. A receiver of many topics listens many times to the same signal, and each listener is
 * removed in time. That is no leak, and Node must not warn of one.
 */
export function listenToAbort(signal: AbortSignal, listener: { handleEvent(): void } | (() => void)): void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
}
