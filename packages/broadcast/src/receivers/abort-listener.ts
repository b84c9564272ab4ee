import { setMaxListeners } from "node:events";

/**
 * Listens to a signal for its abort. Those who stay in many topics listen many times to one, and all stop in time: that is
 * no leak, and Node must not warn of one.
 */
export function listenToAbort(signal: AbortSignal, listener: { handleEvent(): void } | (() => void)): void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
}
