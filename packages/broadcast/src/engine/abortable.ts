import { offAbort, onAbort } from "./aborts.js";

/**
 * The outcome of `work`, or a rejection with the signal's reason when the signal is aborted first. Then the outcome of
 * `work` is ignored.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const watcher = { aborted: (): void => reject(signal.reason) };
    onAbort(signal, watcher);
    work.finally(() => offAbort(signal, watcher)).then(resolve, reject);
  });
}
