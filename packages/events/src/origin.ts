import { headerValues } from "./header.js";
import { defaultPorts, type HostPort, parseHost } from "./host.js";
import type { HeaderList } from "./scope.js";

/**
 * Whose pages may connect: `"*"` for all, or a list of origins (`"https://example.com"`, `"null"`) in which
 * `"same-host"` stands for the host that the request itself names.
 */
export type AllowedOrigins = "*" | readonly string[];

interface Origin extends HostPort {
  readonly scheme: string;
}

/** RFC 6454 §7: scheme, host and port, nothing after. Never a throw, whatever came. */
function parseOrigin(value: string): Origin | undefined {
  const end = value.indexOf("://");
  const scheme = value.slice(0, Math.max(end, 0)).toLowerCase();
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return undefined;
  const host = parseHost(value.slice(end + 3), scheme);
  return host && { scheme, ...host };
}

/** One spelling for each origin, so that two can be compared exactly. */
function serialize({ scheme, host, port }: Origin): string {
  return `${scheme}://${host}:${port ?? ""}`;
}

/**
 * Whether the origin names the host and port that the request was sent to. Whether by TLS is a proxy's business, but
 * a scheme of no web server (`file`, `capacitor`) is never the same host.
 */
function isSameHost(origin: Origin, headers: HeaderList): boolean {
  if (!defaultPorts.has(origin.scheme)) return false;
  const host = parseHost(headerValues(headers, "host")[0] ?? "", origin.scheme);
  return host?.host === origin.host && host.port === origin.port;
}

/** Reads the list once; a bad entry is a mistake in the configuration and is told at once. */
function readAllowed(allowed: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(allowed)) {
    throw new TypeError(
      'allowed origins: expected "*" or a list of origins. Likely mistake: one origin without a list.',
    );
  }
  return new Set(
    allowed.map((entry) => {
      if (entry === "null" || entry === "same-host") return entry;
      const origin = parseOrigin(entry);
      if (origin !== undefined) return serialize(origin);
      throw new TypeError(
        `allowed origins: expected "scheme://host" or "scheme://host:port", "null" or "same-host", got "${entry.slice(0, 64)}".` +
          " Likely mistake: a path or a trailing slash after the host.",
      );
    }),
  );
}

/**
 * Makes the check of the `Origin` header: exact scheme, host and port after parsing. A request without one (no
 * browser) passes; one with two, or with one that is no origin, does not. Source: RFC 6455 §10.2, RFC 6454 §7.
 *
 * @throws {TypeError} for an entry that is no origin.
 */
export function originCheck(allowed: AllowedOrigins): (headers: HeaderList) => boolean {
  if (allowed === "*") return () => true;
  const set = readAllowed(allowed);
  return (headers) => {
    const values = headerValues(headers, "origin");
    const [value] = values;
    if (value === undefined) return true;
    if (values.length > 1) return false;
    if (value === "null") return set.has("null");
    const origin = parseOrigin(value);
    if (origin === undefined) return false;
    return set.has(serialize(origin)) || (set.has("same-host") && isSameHost(origin, headers));
  };
}
