import { BroadcastError } from "../../../engine/broadcast-error.js";

/** The longest reason, in UTF-16 units: it goes into logs and error texts. */
const longest = 200;

/** Why something failed, as the client says it. It was given no URL, so what it says can't hold a password. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, longest);
}

/** What can't be done, now or at all; the text begins with the engine's name. */
export function downError(reason: string): BroadcastError {
  return new BroadcastError("ERR_WS_ENGINE_DOWN", `nats: ${reason}`);
}
