import { closeVerdict } from "@ws/contract/wire";
import { CloseCode, ConnectionClosed } from "@ws/events";

/** Whether a client that is closed with that code stays away, or for so long that nobody waits for it. */
export function isDismissal(code: number): boolean {
  const { kind, next } = closeVerdict(code);
  return next === "stop" || kind === "policy";
}

/**
 * Whether a connection was ended on purpose, as opposed to one that was lost and may come back: by a client that closed with 1000 or
 * with a code of its own (a page that is reloaded closes with 1001), or by an application that sent it away.
 */
export function endedOnPurpose(end: unknown): boolean {
  if (!(end instanceof ConnectionClosed)) return false;
  const { code, initiator } = end;
  if (initiator === "client") return code === CloseCode.NormalClosure || code >= 3_000;
  return initiator === "application" && isDismissal(code);
}
