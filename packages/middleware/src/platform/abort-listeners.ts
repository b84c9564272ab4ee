/**
 * The listeners of each signal. Node warns of a leak where a signal has more than ten listeners, so each has only one
 * listener that calls these.
 */
const listeners: WeakMap<AbortSignal, Set<() => void>> = new WeakMap();

/**
 * Calls `listener` when the signal is aborted. Any number of listeners may be added to one signal. It returns the function
 * that removes the listener.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const all = listeners.get(signal) ?? listenTo(signal);
  all.add(listener);
  return () => void all.delete(listener);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all: Set<() => void> = new Set();
  listeners.set(signal, all);
  signal.addEventListener("abort", () => {
    for (const listener of all) listener();
  });
  return all;
}
