import type { IncomingMessage } from "node:http";

/** Matches the name alone, with a version, or among others; also with padding that is no white space to HTTP. */
const webSocket = /(?:^|[\s,])websocket(?:$|[\s,/])/i;

/**
 * Whether a request asks for a WebSocket, correctly or not. A request for another protocol, such as `h2c`, is an ordinary
 * request: a server may ignore a protocol that it doesn't speak. RFC 9110 §7.8.
 */
export function asksForWebSocket({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): boolean {
  // This reads the raw list, because Node makes its object of headers at the first access, and nothing else of a handshake
  // needs that object.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 7 && name.toLowerCase() === "upgrade" && webSocket.test(String(rawHeaders[at + 1])))
      return true;
  }
  return false;
}
