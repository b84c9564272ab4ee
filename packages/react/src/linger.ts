/** How long what nobody uses any more goes on, in ms: who mounts within that time, as StrictMode does, finds it as it was. */
const grace = 1_000;

/**
 * The `subscribe` of a store: `start` is called for the first listener, with what tells all of them of a change, and what it returned a
 * second after the last has gone.
 */
export function linger(
  start: (changed: () => void) => (() => void) | undefined,
): (changed: () => void) => () => void {
  const listeners = new Set<() => void>();
  let stop: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (changed) => {
    listeners.add(changed);
    clearTimeout(timer);
    stop ??= start(() => {
      for (const listener of listeners) listener();
    });
    return () => {
      listeners.delete(changed);
      if (listeners.size) return;
      timer = setTimeout(() => {
        stop?.();
        stop = undefined;
      }, grace);
    };
  };
}
