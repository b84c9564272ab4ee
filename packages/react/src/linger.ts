/**
 * How long a store goes on after its last user, in ms. A component that is mounted again within that time, as in StrictMode,
 * finds it unchanged.
 */
const grace = 1_000;

/**
 * The `subscribe` of a store. `start` is called for the first listener, with the function that tells all listeners of a
 * change. The function that it returns is called a second after the last listener has gone.
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
