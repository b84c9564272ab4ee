import type { OnFailedCall } from "./tracked-promise.js";

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

/** Writes to a server's log. It never throws. */
export type LogError = (message: string, error: unknown, fields?: Readonly<Record<string, unknown>>) => void;

/** What a server says of a connection, and is told about it. */
export interface ConnectionExtension {
  /** Names this connection in the server's log. */
  readonly id: string;
  /**
   * Is told when a promise of this connection rejects. One that nobody has taken a turn later is then the server's to
   * handle; without this it is an unhandled rejection, and the platform's.
   */
  readonly onFailedCall?: OnFailedCall | undefined;
  /**
   * Writes an error to the server's log, with the name and the path of this connection, which goes on: for errors that an
   * application or a library has caught and that the client must not be told. `fields` are logged beside it.
   */
  readonly logError?: LogError | undefined;
}

/** A session that a client is let in for, and that can be renewed while the connection lasts. */
export interface AuthExtension {
  /** Whom the last token named. */
  readonly user: unknown;
  /** When the session ends, in ms since 1970; Infinity for never. */
  readonly expiresAt: number;
  /** Whether the session goes on by that token: it is good, and the same user's. Otherwise nothing changes. */
  renew(token: string): Promise<boolean>;
}

/** The reason of the signal of `websocket.draining`. */
export interface DrainingReason {
  /** The connections are closed one after another within so many ms; 0 is all at once. */
  readonly window: number;
}

/** How a server shuts down, for one of its connections. */
export interface DrainingExtension {
  /** Aborted when the server begins to shut down, before it closes any connection; its reason is a `DrainingReason`. */
  readonly signal: AbortSignal;
  /**
   * Has the server close this connection no sooner than `promise` is settled, at the end of the window at the latest. As
   * `waitUntil` of an `ExtendableEvent`; absent where the server can't.
   */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
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
  /** When the server begins to shut down, and how long a connection may stay then. */
  readonly "websocket.draining"?: DrainingExtension | undefined;
  readonly "websocket.connection"?: ConnectionExtension | undefined;
  /** The session that the client was let in for; a middleware puts it here. */
  readonly "websocket.auth"?: AuthExtension | undefined;
  readonly [name: string]: unknown;
}

/** The keys that a `websocket` and an `http` scope share. Source: ASGI www 2.5. */
export interface RequestScope<State = Record<string, unknown>> {
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
  /** A shallow copy of what the lifespan put into its own `state`, and what middleware added; one per connection. */
  readonly state: State;
  readonly extensions: Extensions;
  /** Set by a router; has no prototype. */
  readonly pathParams?: Readonly<Record<string, unknown>> | undefined;
}

/** One WebSocket connection. Source: ASGI www 2.5, "WebSocket Connection Scope". */
export interface WebSocketScope<State = Record<string, unknown>> extends RequestScope<State> {
  readonly type: "websocket";
  /** `wss` under TLS, or behind a trusted proxy that says so. */
  readonly scheme: "ws" | "wss";
  /** All subprotocols that the client offered, from every header line, in order. */
  readonly subprotocols: readonly string[];
}

/** One HTTP request. Source: ASGI www 2.5, "HTTP Connection Scope". */
export interface HttpScope<State = Record<string, unknown>> extends RequestScope<State> {
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

export type Scope<State = Record<string, unknown>> = WebSocketScope<State> | HttpScope<State> | LifespanScope;
