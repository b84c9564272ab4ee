import { BroadcastError } from "../../../engine/broadcast-error.js";

/** The longest reason, in UTF-16 units. It goes into logs and error texts. */
const longest = 200;

/** Why something failed, in the words of the client. The client was given no URL, so its words cannot contain a password. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, longest);
}

/** Something cannot be done, now or at all. The text begins with the engine's name. */
export function downError(reason: string): BroadcastError {
  return new BroadcastError("ERR_WS_ENGINE_DOWN", `nats: ${reason}`);
}
