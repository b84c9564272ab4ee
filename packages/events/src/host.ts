/** A host with its port, as in the `Host` header or an origin. */
export interface HostPort {
  /** Lower-cased; an IPv6 address in its brackets. */
  readonly host: string;
  /** `undefined` where none was given. */
  readonly port: number | undefined;
}

/** RFC 3986 §3.2.2, less user information and percent-encoding: names are punycode on the wire. */
const hostPort = /^(\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::([0-9]{1,5}))?$/i;

/** The last that was read, with what it came to: a server is asked for the same host again and again. */
let last: { readonly value: string; readonly host: HostPort | undefined } = { value: "", host: undefined };

/** Reads the value of a `Host` header; `undefined` where it is none. Source: RFC 9110 §7.2. */
export function parseHost(value: string): HostPort | undefined {
  if (value !== last.value) last = { value, host: readHost(value) };
  return last.host;
}

function readHost(value: string): HostPort | undefined {
  const match = hostPort.exec(value);
  if (match?.[1] === undefined) return undefined;
  const port = match[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && port > 65_535) return undefined;
  // An address that is none (`256.1.1.1`), or bad punycode: it would throw later, wherever a URL is made of it.
  return URL.canParse(`http://${match[1]}`) ? { host: match[1].toLowerCase(), port } : undefined;
}
