import { offAbort, onAbort } from "../../../engine/aborts.js";

/**
 * The outcome of a promise, or a rejection with the reason of the first signal that is aborted before. After that the
 * outcome of the promise is ignored.
 */
export function within<T>(promise: Promise<T>, ...signals: readonly AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const watcher = {
      aborted: (): void => {
        settle();
        reject(signals.find((signal) => signal.aborted)?.reason);
      },
    };
    const settle = (): void => {
      for (const signal of signals) offAbort(signal, watcher);
    };
    promise.finally(settle).then(resolve, reject);
    if (signals.some((signal) => signal.aborted)) watcher.aborted();
    else for (const signal of signals) onAbort(signal, watcher);
  });
}
