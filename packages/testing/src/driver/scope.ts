import type { HttpScope, LifespanScope, WebSocketScope } from "@ws/events";

/** The fields that a handshake shares with every other request. */
const request: Omit<HttpScope, "type" | "scheme" | "method" | "state"> = {
  asgi: { version: "3.0", specVersion: "2.5" },
  httpVersion: "1.1",
  path: "/",
  rawPath: "/",
  queryString: "",
  rootPath: "",
  headers: [["host", "localhost"]],
  client: null,
  server: null,
  extensions: {},
};

/**
 * The scope of a WebSocket handshake: `GET /` over HTTP/1.1, without TLS, extensions or subprotocols. `parts` replace its
 * fields; `rawPath` is `path` unless it is given. ASGI WebSocket 2.5, connection scope.
 */
export function webSocketScope(parts: Partial<WebSocketScope> = {}): WebSocketScope {
  const { path = request.path } = parts;
  return {
    type: "websocket",
    scheme: "ws",
    subprotocols: [],
    ...request,
    state: {},
    rawPath: path,
    ...parts,
  };
}

/** The scope of the request `GET /`. `parts` replace its fields, as in `webSocketScope`. ASGI HTTP 2.5, connection scope. */
export function httpScope(parts: Partial<HttpScope> = {}): HttpScope {
  const { path = request.path } = parts;
  return { type: "http", scheme: "http", method: "GET", ...request, state: {}, rawPath: path, ...parts };
}

/** The scope of a process's lifespan. ASGI lifespan 2.0. */
export function lifespanScope(parts: Partial<LifespanScope> = {}): LifespanScope {
  return { type: "lifespan", asgi: { version: "3.0", specVersion: "2.0" }, state: {}, ...parts };
}
