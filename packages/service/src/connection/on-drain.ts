import type { Connection } from "@ws/connection";
import type { DrainingReason } from "@ws/events";
import type { WorkQueue } from "../wire/work-queue.js";

/**
 * Divides the window of a drain. The first half is for the client, which is told to connect elsewhere by then. In the last
 * quarter the connection is closed, as soon as nothing is being handled and nothing has come for a while. So a client that
 * has moved still gets its last replies, and one that is late is not cut off in the middle of its requests. It returns the
 * function that stops all of this.
 */
export function onDrain(
  socket: Connection<unknown>,
  work: WorkQueue,
  tell: (within: number) => void,
): () => void {
  const draining = socket.scope.extensions["websocket.draining"];
  const stop = new AbortController();
  const begin = (): void => {
    const { window = 0 } = Object(draining?.signal.reason) as Partial<DrainingReason>;
    if (window === 0) return;
    tell(Math.floor(window / 2));
    const quiet = window / 8;
    const moment = window * (0.75 + Math.random() / 4);
    draining?.waitUntil?.(quietAfter(moment - quiet, quiet, work, stop.signal));
  };
  draining?.signal.addEventListener("abort", begin, { once: true, signal: stop.signal });
  return () => stop.abort();
}

/** Resolves when `ms` have passed, no work is left and none has come for `quiet` ms; soon after `signal` is aborted. */
async function quietAfter(ms: number, quiet: number, work: WorkQueue, signal: AbortSignal): Promise<void> {
  await pause(ms, signal);
  let seen: number | undefined;
  while (seen !== work.added && !signal.aborted) {
    seen = work.added;
    while (!work.isIdle && !signal.aborted) await work.changed();
    await pause(quiet, signal);
  }
}

/** Resolves after so many ms, or at once when `signal` is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : ms);
    signal.addEventListener("abort", end);
  });
}
