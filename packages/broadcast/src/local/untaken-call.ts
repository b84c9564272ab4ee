import type { FailedCall } from "@ws/events";
import { BroadcastError } from "../engine/broadcast-error.js";
import type { Events } from "./events.js";

/** That the engine fails, or the broadcast is closed, is told by other means, and is nobody's mistake. */
function isMistake(error: unknown): boolean {
  return !(error instanceof BroadcastError) || error.code === "ERR_WS_PAYLOAD_TOO_LARGE";
}

/**
 * Tells of a call that failed where nobody has awaited it a turn later. A topic belongs to no connection: the mistake is
 * written down, and every connection goes on.
 */
export function reportUntaken(events: Events, topic: string, failed: FailedCall): void {
  if (!isMistake(failed.error)) return;
  setImmediate(() => {
    const { call, error, isTaken } = failed;
    if (isTaken) return;
    if (events.has("failed")) events.emit("failed", { topic, call, error });
    // biome-ignore lint/suspicious/noConsole: nothing is lost unnoticed, also where nobody has thought of it.
    else console.error(`@ws/broadcast: ${call} failed and nobody awaited it; topic=${topic}`, error);
  });
}
