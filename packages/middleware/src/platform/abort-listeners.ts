/** The listeners of each signal. Node warns of a leak where one signal has more than ten listeners of its own. */
const listeners: WeakMap<AbortSignal, Set<() => void>> = new WeakMap();

/** Calls `listener` when the signal aborts; any number may listen to one signal. Returns what removes the listener. */
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
