import type { IncomingMessage } from "node:http";

/** The name alone, with a version, or among others; also with padding that no HTTP reader takes for white space. */
const webSocket = /(?:^|[\s,])websocket(?:$|[\s,/])/i;

/**
 * Whether a request asks for a WebSocket, be it well or badly. One that asks for another protocol, as `h2c`, is an
 * ordinary request: a server may ignore what it doesn't speak. RFC 9110 §7.8.
 */
export function asksForWebSocket({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): boolean {
  // Node makes its object of headers when somebody first asks for it: nobody else does for a handshake.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 7 && name.toLowerCase() === "upgrade" && webSocket.test(String(rawHeaders[at + 1])))
      return true;
  }
  return false;
}
