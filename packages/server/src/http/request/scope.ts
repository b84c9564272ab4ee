import type { Address, AsgiVersion, Extensions, HttpScope, WebSocketScope } from "@ws/events";
import { addressOf, type Endpoints, type Peer } from "../../proxies/peer.js";
import type { ReceivedRequest } from "./received-request.js";
import type { RequestHead } from "./request-head.js";

export const asgi: AsgiVersion = Object.freeze({ version: "3.0", specVersion: "2.5" });

/** What a scope is made from. */
export interface ScopeParts {
  readonly request: ReceivedRequest;
  readonly head: RequestHead;
  readonly peer: Peer;
  readonly rootPath: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly extensions: Extensions;
}

/**
 * The server's address of the latest request. Connections keep it for their whole life, and it is the same for nearly all of
 * them.
 */
let latest: Address | null = null;

function serverOf({ localAddress, localPort }: Endpoints): Address | null {
  if (latest === null || latest.host !== localAddress || latest.port !== localPort) {
    latest = Object.freeze(addressOf(localAddress, localPort));
  }
  return latest;
}

/**
 * Makes the scope in one object literal, because an object that is put together from parts takes twice the memory as long as
 * it lives.
 */
export function webSocketScope(
  { request, head, peer, rootPath, state, extensions }: ScopeParts,
  subprotocols: readonly string[],
): WebSocketScope {
  const { path, rawPath, queryString } = head.target;
  return {
    type: "websocket",
    asgi,
    scheme: peer.isSecure ? "wss" : "ws",
    // Node makes a new string for each request; the literal is shared by all.
    httpVersion: request.httpVersion === "1.1" ? "1.1" : request.httpVersion,
    path,
    rawPath,
    queryString,
    rootPath,
    headers: head.headers,
    client: peer.client,
    server: serverOf(request.socket),
    subprotocols,
    state: { ...state },
    extensions,
  };
}

export function httpScope(parts: ScopeParts): HttpScope {
  const scheme = parts.peer.isSecure ? "https" : "http";
  const { subprotocols: _, ...shared } = webSocketScope(parts, []);
  return { ...shared, type: "http", scheme, method: parts.head.method };
}
