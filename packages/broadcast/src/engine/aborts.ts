/** Is told when a signal is aborted. */
export interface Aborted {
  aborted(): void;
}

interface Watch {
  readonly watchers: Set<Aborted>;
  readonly listener: () => void;
}

/**
 * The listener of each signal. Thousands of calls may share a signal, and adding a listener takes time in proportion to
 * those that are there already; so each signal has one listener for all calls. It is removed when no call waits any more,
 * because the signal would keep it for ever.
 */
const watches = new WeakMap<AbortSignal, Watch>();

function watch(signal: AbortSignal): Watch {
  const watchers = new Set<Aborted>();
  const listener = (): void => {
    for (const watcher of watchers) watcher.aborted();
  };
  signal.addEventListener("abort", listener);
  const made = { watchers, listener };
  watches.set(signal, made);
  return made;
}

/** Calls `aborted` as soon as the signal is aborted. The signal must not be aborted yet. */
export function onAbort(signal: AbortSignal, watcher: Aborted): void {
  const { watchers } = watches.get(signal) ?? watch(signal);
  watchers.add(watcher);
}

export function offAbort(signal: AbortSignal, watcher: Aborted): void {
  const found = watches.get(signal);
  if (!found?.watchers.delete(watcher) || found.watchers.size > 0) return;
  signal.removeEventListener("abort", found.listener);
  watches.delete(signal);
}
