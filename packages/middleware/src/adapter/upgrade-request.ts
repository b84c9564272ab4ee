import type { WebSocketScope } from "@ws/events";

/** The parts of `http.IncomingMessage` that code written for Node reads of a handshake's request. */
export interface UpgradeRequest {
  readonly method: "GET";
  /** The target as it was sent: encoded, and with its query. */
  readonly url: string;
  readonly httpVersion: string;
  /** The headers by their lower-case names. The values of a name that comes twice are joined, cookies by "; ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values in alternation, in the order in which they came. */
  readonly rawHeaders: readonly string[];
  readonly socket: {
    readonly remoteAddress: string | undefined;
    readonly remotePort: number | undefined;
    /** Whether the client speaks TLS, to us or to a trusted proxy. */
    readonly encrypted: boolean;
  };
}

/** Makes the request of a scope, in the form in which Node has it. */
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
