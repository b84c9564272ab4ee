import { ProtocolError } from "@ws/events";

/**
 * Checks the subprotocol of an accept: none, or one that the client offered (RFC 6455 §4.2.2).
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID` for another.
 */
export function checkSubprotocol(subprotocol: string | undefined, offers: readonly string[]): void {
  if (subprotocol === undefined || offers.includes(subprotocol)) return;
  // The offers are not named: a page's script has no other place for its token.
  throw new ProtocolError(
    "ERR_WS_EVENT_INVALID",
    `websocket.accept: expected one of the ${offers.length} subprotocols that the client offered,` +
      ` got ${subprotocol.slice(0, 64)}`,
  );
}
