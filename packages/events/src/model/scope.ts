import type { OnFailedCall } from "./tracked-promise.js";

/**
 * Header lines in the order in which they came. Names are in lower case, duplicates are kept, and values are latin-1
 * strings.
 */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** An IP endpoint. `port` is 0 where a proxy gave only the address. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The version of ASGI that the server implements. */
export interface AsgiVersion {
  readonly version: "3.0";
  readonly specVersion: "2.5" | "2.0";
}

/** Writes to a server's log. It never throws. */
export type LogError = (message: string, error: unknown, fields?: Readonly<Record<string, unknown>>) => void;

/** What a server tells about a connection, and a function by which the server is told of failed calls. */
export interface ConnectionExtension {
  /** The id of this connection in the server's log. */
  readonly id: string;
  /**
   * Is told when a promise of this connection rejects. If nobody has handled the rejection a turn later, the server handles
   * it. Without this function it is an unhandled rejection of the platform.
   */
  readonly onFailedCall?: OnFailedCall | undefined;
  /**
   * Writes an error to the server's log, with the name and the path of this connection, which goes on: for errors that an
   * application or a library has caught and that the client must not be told. `fields` are logged beside it.
   */
  readonly logError?: LogError | undefined;
}

/** The session with which a client was let in. It can be renewed while the connection lasts. */
export interface AuthExtension {
  /** The user of the last token. */
  readonly user: unknown;
  /** When the session expires, in ms since 1970; Infinity for never. */
  readonly expiresAt: number;
  /**
   * Renews the session by a token. It resolves with true where the token is valid and belongs to the same user; otherwise
   * nothing changes.
   */
  renew(token: string): Promise<boolean>;
}

/** The reason of the signal of `websocket.draining`. */
export interface DrainingReason {
  /** The connections are closed one after another within so many ms; with 0 all are closed at once. */
  readonly window: number;
}

/** How a server shuts down, for one of its connections. */
export interface DrainingExtension {
  /**
   * A signal that is aborted when the server begins to shut down, before it closes any connection. Its reason is a
   * `DrainingReason`.
   */
  readonly signal: AbortSignal;
  /**
   * Makes the server close this connection only after `promise` is settled, at the end of the window at the latest. It is
   * like `waitUntil` of an `ExtendableEvent`, and absent where the server cannot do this.
   */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/**
 * What a server can do beyond the plain events. Where a key is absent, the server cannot do this. Servers may add keys of
 * their own.
 */
export interface Extensions {
  /** The handshake can be answered with a response by the application. ASGI "WebSocket Denial Response". */
  readonly "websocket.http.response"?: Readonly<Record<string, never>> | undefined;
  /** `signal` is aborted as soon as the connection has ended; its reason is the `ConnectionClosed`. */
  readonly "websocket.disconnect"?: { readonly signal: AbortSignal } | undefined;
  /** Tells when the server begins to shut down, and how long a connection may stay then. */
  readonly "websocket.draining"?: DrainingExtension | undefined;
  readonly "websocket.connection"?: ConnectionExtension | undefined;
  /** The session with which the client was let in. A middleware adds it. */
  readonly "websocket.auth"?: AuthExtension | undefined;
  readonly [name: string]: unknown;
}

/** The keys that a `websocket` and an `http` scope share. Source: ASGI www 2.5. */
export interface RequestScope<State = Record<string, unknown>> {
  readonly asgi: AsgiVersion;
  /** `"1.1"` or `"2"`. */
  readonly httpVersion: string;
  /** The path of the target, percent-decoded as UTF-8, without the query. It includes `rootPath`. */
  readonly path: string;
  /** The path as it was sent: still encoded, without the query. */
  readonly rawPath: string;
  /** The query as it was sent: still encoded, without `?`. */
  readonly queryString: string;
  /** The path at which the application is mounted, without a trailing slash; `""` at the root. */
  readonly rootPath: string;
  readonly headers: HeaderList;
  /** The address of the client; `null` on a unix socket or in memory. */
  readonly client: Address | null;
  /** The address of our side; `null` on a unix socket or in memory. */
  readonly server: Address | null;
  /** A shallow copy of the lifespan's `state`, made for each connection, with the additions of middleware. */
  readonly state: State;
  readonly extensions: Extensions;
  /** The parameters of the path, which a router sets. The object has no prototype. */
  readonly pathParams?: Readonly<Record<string, unknown>> | undefined;
}

/** One WebSocket connection. Source: ASGI www 2.5, "WebSocket Connection Scope". */
export interface WebSocketScope<State = Record<string, unknown>> extends RequestScope<State> {
  readonly type: "websocket";
  /** `wss` under TLS, or where a trusted proxy says so. */
  readonly scheme: "ws" | "wss";
  /** All subprotocols that the client offered, from all header lines, in order. */
  readonly subprotocols: readonly string[];
}

/** One HTTP request. Source: ASGI www 2.5, "HTTP Connection Scope". */
export interface HttpScope<State = Record<string, unknown>> extends RequestScope<State> {
  readonly type: "http";
  readonly scheme: "http" | "https";
  /** The method in upper case. */
  readonly method: string;
}

/** The life of a process. Source: ASGI lifespan 2.0. */
export interface LifespanScope {
  readonly type: "lifespan";
  readonly asgi: AsgiVersion;
  /** A shallow copy of this object is put into each later scope. */
  readonly state: Record<string, unknown>;
}

export type Scope<State = Record<string, unknown>> = WebSocketScope<State> | HttpScope<State> | LifespanScope;
