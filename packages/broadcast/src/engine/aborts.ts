/** Who wants to know that a signal is aborted. */
export interface Aborted {
  aborted(): void;
}

interface Watch {
  readonly watchers: Set<Aborted>;
  readonly listener: () => void;
}

/**
 * Thousands of calls may share a signal, and a signal goes through all of its listeners for each that is added: so
 * each is listened to once. One that nobody waits for any more is not listened to, as that would keep it for ever.
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

/** Tells of the abort of a signal that is not aborted yet, at once when it happens. */
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
