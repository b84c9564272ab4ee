/**
 * Reports an error that a function of the application threw where nobody can catch it: it becomes an uncaught exception, so
 * that it is not lost.
 */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Calls a listener. An error that it throws does not affect the caller. */
export function tell<T>(listener: ((told: T) => void) | undefined, told: T): void {
  try {
    listener?.(told);
  } catch (error) {
    throwLater(error);
  }
}
