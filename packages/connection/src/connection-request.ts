import { type Address, requestUrl, type WebSocketScope } from "@ws/events";
import { type ReadonlyHeaders, readCookies, readHeaders } from "./request.js";

/** What the client asked for in its handshake. Each part is read when it is first asked for, and only once. */
export class ConnectionRequest<State> {
  readonly scope: WebSocketScope<State>;
  #url: URL | undefined;
  #headers: ReadonlyHeaders | undefined;
  #query: URLSearchParams | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;

  constructor(scope: WebSocketScope<State>) {
    this.scope = scope;
  }

  /** The URL to which the client connected. Its host is what the client sent. The object belongs to this connection. */
  get url(): URL {
    this.#url ??= requestUrl(this.scope);
    return this.#url;
  }

  /** The decoded path, `rootPath` included. */
  get path(): string {
    return this.scope.path;
  }

  get headers(): ReadonlyHeaders {
    this.#headers ??= readHeaders(this.scope);
    return this.#headers;
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.scope.queryString);
    return this.#query;
  }

  /** The query as it was sent: still encoded, without `?`. */
  get queryString(): string {
    return this.scope.queryString;
  }

  /** The cookies by name. Where a name comes twice, the first one counts. */
  get cookies(): ReadonlyMap<string, string> {
    this.#cookies ??= readCookies(this.scope);
    return this.#cookies;
  }

  /** The subprotocols that the client offered, in its order. */
  get subprotocols(): readonly string[] {
    return this.scope.subprotocols;
  }

  get client(): Address | null {
    return this.scope.client;
  }

  /** The parameters that the router found in the path. */
  get params(): Readonly<Record<string, unknown>> {
    return this.scope.pathParams ?? Object.create(null);
  }

  get state(): State {
    return this.scope.state;
  }
}
