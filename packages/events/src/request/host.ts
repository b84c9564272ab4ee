/** A host with its port, as in the `Host` header or an origin. */
export interface HostPort {
  /** Lower-cased; an IPv6 address in its brackets. */
  readonly host: string;
  /** `undefined` where there is none. */
  readonly port: number | undefined;
}

/** The ports that need no naming, by the schemes of web servers. RFC 9110 §4.2, RFC 6455 §3. */
export const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["ws", 80],
  ["https", 443],
  ["wss", 443],
]);

/**
 * RFC 3986 §3.2.2, less user information and percent-encoding: names are punycode on the wire. The port may be empty
 * (§3.2.3), which means the same as none.
 */
const hostPort = /^(\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::([0-9]*))?$/i;

/** The last that was read, with what it came to: a server is asked for the same host again and again. */
let last: { readonly value: string; readonly host: HostPort | undefined } = { value: "", host: undefined };

/**
 * Reads the value of a `Host` header; `undefined` where it is none. Source: RFC 9110 §7.2.
 *
 * @param scheme such as `"wss"`: its own port stands in where none was given.
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
  // An address that is none (`256.1.1.1`), or on older platforms bad punycode: it would throw later, wherever a URL is
  // made of it.
  return URL.canParse(`http://${match[1]}`) ? { host: match[1].toLowerCase(), port } : undefined;
}
