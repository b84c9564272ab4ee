import type { IncomingMessage } from "node:http";
import type { AsgiVersion, Extensions, HttpScope, RequestScope, WebSocketScope } from "@ws/events";
import { addressOf, type Endpoints, type Peer } from "../../proxies/peer.js";
import type { RequestHead } from "./request-head.js";

export const asgi: AsgiVersion = Object.freeze({ version: "3.0", specVersion: "2.5" });

/** What a scope is made of. */
export interface ScopeParts {
  readonly request: IncomingMessage;
  readonly head: RequestHead;
  readonly peer: Peer;
  readonly rootPath: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly extensions: Extensions;
}

/** What both kinds have. */
function shared({ request, head, peer, rootPath, state, extensions }: ScopeParts): RequestScope {
  const socket: Endpoints = request.socket;
  const { path, rawPath, queryString } = head.target;
  return {
    asgi,
    httpVersion: request.httpVersion,
    path,
    rawPath,
    queryString,
    rootPath,
    headers: head.headers,
    client: peer.client,
    server: addressOf(socket.localAddress, socket.localPort),
    state: { ...state },
    extensions,
  };
}

export function webSocketScope(parts: ScopeParts, subprotocols: readonly string[]): WebSocketScope {
  const scheme = parts.peer.isSecure ? "wss" : "ws";
  return { type: "websocket", scheme, subprotocols, ...shared(parts) };
}

export function httpScope(parts: ScopeParts): HttpScope {
  const scheme = parts.peer.isSecure ? "https" : "http";
  return { type: "http", scheme, method: parts.head.method, ...shared(parts) };
}
