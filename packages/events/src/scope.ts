/** Header lines in the order in which they came: names lower-cased, duplicates kept, values as latin-1 strings. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** An IP endpoint. `port` is 0 where a proxy told the address alone. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Which version of ASGI the server speaks. */
export interface AsgiVersion {
  readonly version: "3.0";
  readonly specVersion: "2.5" | "2.0";
}

/**
 * What a server can do beyond the plain events. A key that is absent is an ability that is missing.
 * Servers may add keys of their own.
 */
export interface Extensions {
  /** The handshake can be answered with a response of the application's own. ASGI "WebSocket Denial Response". */
  readonly "websocket.http.response"?: Readonly<Record<string, never>> | undefined;
  /** `signal` is aborted the moment the connection is gone; its reason is the `ConnectionClosed`. */
  readonly "websocket.disconnect"?: { readonly signal: AbortSignal } | undefined;
  /** `signal` is aborted when the server begins to shut down, before it closes any connection. */
  readonly "websocket.draining"?: { readonly signal: AbortSignal } | undefined;
  /** `id` names this connection in the server's log. */
  readonly "websocket.connection"?: { readonly id: string } | undefined;
  readonly [name: string]: unknown;
}

/** The keys that a `websocket` and an `http` scope share. Source: ASGI www 2.5. */
export interface RequestScope {
  readonly asgi: AsgiVersion;
  /** `"1.1"` or `"2"`. */
  readonly httpVersion: string;
  /** The target's path, percent-decoded as UTF-8, without the query. Includes `rootPath`. */
  readonly path: string;
  /** The path as it came, still encoded, without the query. */
  readonly rawPath: string;
  /** The query as it came, still encoded, without `?`. */
  readonly queryString: string;
  /** Where the application is mounted, without a trailing slash; `""` at the root. */
  readonly rootPath: string;
  readonly headers: HeaderList;
  /** The far side; `null` on a unix socket or in memory. */
  readonly client: Address | null;
  /** Our side; `null` on a unix socket or in memory. */
  readonly server: Address | null;
  /** A shallow copy of what the lifespan put into its own `state`; one per connection. */
  readonly state: Record<string, unknown>;
  readonly extensions: Extensions;
  /** Set by a router; has no prototype. */
  readonly pathParams?: Readonly<Record<string, unknown>> | undefined;
}

/** One WebSocket connection. Source: ASGI www 2.5, "WebSocket Connection Scope". */
export interface WebSocketScope extends RequestScope {
  readonly type: "websocket";
  /** `wss` under TLS, or behind a trusted proxy that says so. */
  readonly scheme: "ws" | "wss";
  /** All subprotocols that the client offered, from every header line, in order. */
  readonly subprotocols: readonly string[];
}

/** One HTTP request. Source: ASGI www 2.5, "HTTP Connection Scope". */
export interface HttpScope extends RequestScope {
  readonly type: "http";
  readonly scheme: "http" | "https";
  /** The method, upper-cased. */
  readonly method: string;
}

/** The life of the process. Source: ASGI lifespan 2.0. */
export interface LifespanScope {
  readonly type: "lifespan";
  readonly asgi: AsgiVersion;
  /** What the application puts here is copied, shallowly, into each later scope. */
  readonly state: Record<string, unknown>;
}

export type Scope = WebSocketScope | HttpScope | LifespanScope;
