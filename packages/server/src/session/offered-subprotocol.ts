import { ProtocolError } from "@ws/events";

/**
 * Checks the subprotocol of an accept: the application names none, or one that the client offered (RFC 6455 §4.2.2).
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for any other.
 */
export function checkSubprotocol(subprotocol: string | undefined, offers: readonly string[]): void {
  if (subprotocol === undefined || offers.includes(subprotocol)) return;
  // The message does not list the offers, because one of them may be a token: a page's script has no other header to put it
  // into.
  throw new ProtocolError(
    "ERR_WS_EVENT_INVALID",
    `websocket.accept: expected one of the ${offers.length} subprotocols that the client offered,` +
      ` got ${subprotocol.slice(0, 64)}`,
  );
}
