import { BroadcastError } from "../../../engine/broadcast-error.js";

/** Redis cannot be reached. A call that was under way may have been carried out. */
export function downFailure(reason: string): BroadcastError {
  return new BroadcastError("ERR_WS_ENGINE_DOWN", `no connection to redis: ${reason}`);
}

/** The start failed. */
export function unreachableFailure(cause: unknown): BroadcastError {
  const text = `start failed: ${(cause as Error).message}. Expected a Redis server that answers at the URL`;
  return new BroadcastError("ERR_WS_ENGINE_UNREACHABLE", text, { cause });
}

/** Redis was reached and refused: it is out of memory, a replica, or the user has no permission. */
export function refusedFailure(reason: string): BroadcastError {
  return new BroadcastError("ERR_WS_ENGINE_DOWN", `redis refused: ${reason}`);
}

/** The message of a server that refused; `undefined` for any other failure. */
export function refusalOf(failure: unknown): string | undefined {
  const { message } = failure as Error;
  return message.startsWith("redis refused: ") ? message.slice("redis refused: ".length) : undefined;
}

export function closedFailure(): BroadcastError {
  return new BroadcastError(
    "ERR_WS_BROADCAST_CLOSED",
    "redis: expected an engine in use, got one that was closed",
  );
}
