import type { WebSocketScope } from "@ws/events";

/** What code written for Node reads of the request of a handshake: the parts of `http.IncomingMessage` that it had. */
export interface UpgradeRequest {
  readonly method: "GET";
  /** The target as it came: encoded, with its query. */
  readonly url: string;
  readonly httpVersion: string;
  /** By lower-case name; of a name that comes twice the values are joined, cookies by "; ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values in turn, in the order in which they came. */
  readonly rawHeaders: readonly string[];
  readonly socket: {
    readonly remoteAddress: string | undefined;
    readonly remotePort: number | undefined;
    /** Whether the client speaks TLS, to us or to a proxy that we trust. */
    readonly encrypted: boolean;
  };
}

/** The request that a scope was made of, as Node shows requests. */
export function upgradeRequest(scope: WebSocketScope<unknown>): UpgradeRequest {
  const { client, headers: list, httpVersion, queryString, rawPath, scheme } = scope;
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of list) {
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return {
    method: "GET",
    url: queryString === "" ? rawPath : `${rawPath}?${queryString}`,
    httpVersion,
    headers,
    rawHeaders: list.flat(),
    socket: { remoteAddress: client?.host, remotePort: client?.port, encrypted: scheme === "wss" },
  };
}
