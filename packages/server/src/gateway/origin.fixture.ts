import type { HeaderList, WebSocketScope } from "@ws/events";
import { asgi } from "../http/request/scope.js";
import type { Peer } from "../proxies/peer.js";

/** A peer at that address, of whose TLS nothing is known unless it is said. */
export function peerAt(host: string, isSecure?: boolean): Peer {
  return { client: { host, port: 5000 }, isSecure, isLocal: false, isAnonymous: false };
}

/** A peer on a unix socket. */
export const unixPeer: Peer = { client: null, isSecure: undefined, isLocal: true, isAnonymous: false };

/** The scope of a handshake with these header lines. */
export function scopeWith(headers: HeaderList): WebSocketScope {
  return {
    type: "websocket",
    asgi,
    httpVersion: "1.1",
    scheme: "ws",
    path: "/",
    rawPath: "/",
    queryString: "",
    rootPath: "",
    headers,
    client: null,
    server: null,
    subprotocols: [],
    state: {},
    extensions: {},
  };
}
