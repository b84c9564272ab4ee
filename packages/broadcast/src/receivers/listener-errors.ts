/** A function of the application that throws where nobody could catch it: an uncaught exception, and never a lost one. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Calls a listener; what it throws disturbs nobody else. */
export function tell<T>(listener: ((told: T) => void) | undefined, told: T): void {
  try {
    listener?.(told);
  } catch (error) {
    throwLater(error);
  }
}
