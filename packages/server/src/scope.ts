import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Address, AsgiVersion, Extensions, HttpScope, RequestScope, WebSocketScope } from "@ws/events";
import type { FarEnd } from "./proxy.js";
import type { RequestHead } from "./request-head.js";

export const asgi: AsgiVersion = Object.freeze({ version: "3.0", specVersion: "2.5" });

/** What a socket may tell of its two ends; one in memory or on a unix path tells nothing. */
type Endpoints = Duplex & {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly encrypted?: boolean | undefined;
};

function address(host: string | undefined, port: number | undefined): Address | null {
  return host === undefined || port === undefined ? null : { host, port };
}

/** The far end as the socket has it. */
export function peerOf(socket: Endpoints): FarEnd {
  return { client: address(socket.remoteAddress, socket.remotePort), isSecure: socket.encrypted === true };
}

/** What a scope is made of. */
export interface ScopeParts {
  readonly request: IncomingMessage;
  readonly head: RequestHead;
  readonly farEnd: FarEnd;
  readonly rootPath: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly extensions: Extensions;
}

/** What both kinds have. */
function shared({ request, head, farEnd, rootPath, state, extensions }: ScopeParts): RequestScope {
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
    client: farEnd.client,
    server: address(socket.localAddress, socket.localPort),
    state: { ...state },
    extensions,
  };
}

export function webSocketScope(parts: ScopeParts, subprotocols: readonly string[]): WebSocketScope {
  const scheme = parts.farEnd.isSecure ? "wss" : "ws";
  return { type: "websocket", scheme, subprotocols, ...shared(parts) };
}

export function httpScope(parts: ScopeParts): HttpScope {
  const scheme = parts.farEnd.isSecure ? "https" : "http";
  return { type: "http", scheme, method: parts.head.method, ...shared(parts) };
}
