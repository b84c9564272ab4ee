/**
 * Calls each listener in a turn of its own: what one throws is its own (the host reports it), and none runs within the work of who
 * tells. One that was removed in the meantime is not called.
 */
export function emit<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of listeners) {
    queueMicrotask(() => {
      if (listeners.has(listener)) listener(value);
    });
  }
}
