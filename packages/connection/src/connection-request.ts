import { type Address, requestUrl, type WebSocketScope } from "@ws/events";
import { type ReadonlyHeaders, readCookies, readHeaders } from "./request.js";

/** What the client asked for, as its handshake said it. Each part is read when it is first asked for, and once. */
export class ConnectionRequest<State> {
  readonly scope: WebSocketScope<State>;
  #url: URL | undefined;
  #headers: ReadonlyHeaders | undefined;
  #query: URLSearchParams | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;

  constructor(scope: WebSocketScope<State>) {
    this.scope = scope;
  }

  /** The URL that the client connected to; its host is the client's word. A copy of its own. */
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

  /** The query as it came, still encoded, without `?`. */
  get queryString(): string {
    return this.scope.queryString;
  }

  /** By name; where a name comes twice, the first. */
  get cookies(): ReadonlyMap<string, string> {
    this.#cookies ??= readCookies(this.scope);
    return this.#cookies;
  }

  /** What the client offered, in its order. */
  get subprotocols(): readonly string[] {
    return this.scope.subprotocols;
  }

  get client(): Address | null {
    return this.scope.client;
  }

  /** What the router took from the path. */
  get params(): Readonly<Record<string, unknown>> {
    return this.scope.pathParams ?? Object.create(null);
  }

  get state(): State {
    return this.scope.state;
  }
}
