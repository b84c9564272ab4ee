import { defaultPorts, type HostPort, parseHost } from "./host.js";

/** An origin with a host, such as `https://example.com`, or without one, such as `file://`. */
export interface Origin extends HostPort {
  /** The scheme in lower case. */
  readonly scheme: string;
}

/**
 * Parses an origin: scheme, host and port, with nothing after them; `undefined` for any other text. `null`, the opaque
 * origin, is not parsed here. Source: RFC 6454 §6.2 and §7.
 */
export function parseOrigin(value: string): Origin | undefined {
  const end = value.indexOf("://");
  const scheme = value.slice(0, Math.max(end, 0)).toLowerCase();
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return undefined;
  const rest = value.slice(end + 3);
  // Chrome sends `file://` for a page from a file. The origin of a web page always has a host.
  if (rest === "") return defaultPorts.has(scheme) ? undefined : { scheme, host: "", port: undefined };
  // An empty port is valid in a Host header, but no browser sends one in an origin.
  const host = rest.endsWith(":") ? undefined : parseHost(rest, scheme);
  return host && { scheme, ...host };
}

/** Writes an origin in its only normal spelling, so that two can be compared exactly. */
export function serializeOrigin({ scheme, host, port }: Origin): string {
  return `${scheme}://${host}:${port ?? ""}`;
}
