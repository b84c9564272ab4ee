import { closeVerdict } from "@ws/contract/wire";
import { CloseCode, ConnectionClosed } from "@ws/events";

/** Whether a client that is closed with this code stays away, or stays away so long that nobody waits for it. */
export function isDismissal(code: number): boolean {
  const { kind, next } = closeVerdict(code);
  return next === "stop" || kind === "policy";
}

/**
 * Whether a connection was ended on purpose. That is so where the client closed with 1000 or with a code of its own (a page
 * that is reloaded closes with 1001), or where the application closed the connection. Otherwise it was lost, and the client
 * may come back.
 */
export function endedOnPurpose(end: unknown): boolean {
  if (!(end instanceof ConnectionClosed)) return false;
  const { code, initiator } = end;
  if (initiator === "client") return code === CloseCode.NormalClosure || code >= 3_000;
  return initiator === "application" && isDismissal(code);
}
