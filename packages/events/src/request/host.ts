/** A host with its port, as in the `Host` header or an origin. */
export interface HostPort {
  /** The host in lower case, an IPv6 address in brackets. */
  readonly host: string;
  /** `undefined` where there is none. */
  readonly port: number | undefined;
}

/** The default ports by the schemes of web servers. RFC 9110 §4.2, RFC 6455 §3. */
export const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["ws", 80],
  ["https", 443],
  ["wss", 443],
]);

/**
 * RFC 3986 §3.2.2 without user information and percent-encoding, because names are punycode on the wire. The port may be
 * empty (§3.2.3), which means that there is none.
 */
const hostPort = /^(\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::([0-9]*))?$/i;

/** The last value that was parsed, with its result, because a server is asked for the same host again and again. */
let last: { readonly value: string; readonly host: HostPort | undefined } = { value: "", host: undefined };

/**
 * Parses the value of a `Host` header; `undefined` where it is invalid. Source: RFC 9110 §7.2.
 *
 * @param scheme such as `"wss"`: its default port is used where the value has none.
 */
export function parseHost(value: string, scheme?: string): HostPort | undefined {
  if (value !== last.value) last = { value, host: readHost(value) };
  const { host } = last;
  if (scheme === undefined || host === undefined || host.port !== undefined) return host;
  return { host: host.host, port: defaultPorts.get(scheme) };
}

function readHost(value: string): HostPort | undefined {
  const match = hostPort.exec(value);
  if (match?.[1] === undefined) return undefined;
  const port = match[2] ? Number(match[2]) : undefined;
  if (port !== undefined && port > 65_535) return undefined;
  // Some values match and are no valid host, such as `256.1.1.1`, or invalid punycode on older platforms. They would throw
  // later, when a URL is made of them.
  return URL.canParse(`http://${match[1]}`) ? { host: match[1].toLowerCase(), port } : undefined;
}
