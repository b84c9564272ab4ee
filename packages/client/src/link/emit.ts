/**
 * Calls each listener in a turn of its own. So an error that one throws is reported by the host and affects nobody else, and
 * no listener runs in the middle of the caller's work. A listener that was removed meanwhile is not called.
 */
export function emit<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of listeners) {
    queueMicrotask(() => {
      if (listeners.has(listener)) listener(value);
    });
  }
}
