import type { FailedCall } from "@ws/events";
import { BroadcastError } from "../engine/broadcast-error.js";
import type { Events } from "./events.js";

/**
 * Whether an error is a mistake of the application. Failures of the engine and a closed broadcast are reported in other
 * ways.
 */
function isMistake(error: unknown): boolean {
  return !(error instanceof BroadcastError) || error.code === "ERR_WS_PAYLOAD_TOO_LARGE";
}

/**
 * Reports a failed call that nobody has awaited a turn later. A topic belongs to no connection, so the mistake is logged and
 * all connections stay open.
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
