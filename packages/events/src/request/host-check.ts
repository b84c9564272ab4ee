import { describeValue } from "../errors/describe-value.js";
import type { HeaderList } from "../model/scope.js";
import { headerValues } from "./header.js";
import { type HostPort, parseHost } from "./host.js";

/**
 * The hosts for which a server answers: `"*"` for all, or a list in which `"example.com"` is that host alone and
 * `".example.com"` includes its subdomains. The port is compared only where an entry has one.
 */
export type AllowedHosts = "*" | readonly string[];

/** A parsed entry of the list. */
interface AllowedHost extends HostPort {
  /** Whether its subdomains are allowed too. */
  readonly withSubdomains: boolean;
}

const forms = 'An entry is "host", "host:port" or ".domain"';

function readEntry(entry: unknown): AllowedHost {
  const text = typeof entry === "string" ? entry : "";
  const withSubdomains = text.startsWith(".");
  const parsed = parseHost(withSubdomains ? text.slice(1) : text);
  // An IP address has no subdomains, and an entry with two dots at its beginning would match nothing.
  if (parsed !== undefined && !(withSubdomains && /^[.[]/.test(parsed.host))) {
    return { ...parsed, withSubdomains };
  }
  throw new TypeError(
    `allowedHosts: expected a host, got ${describeValue(entry)}. ${forms}. Likely mistake: a scheme, a path or a wildcard.`,
  );
}

function matches(allowed: AllowedHost, { host, port }: HostPort): boolean {
  if (allowed.port !== undefined && allowed.port !== port) return false;
  return host === allowed.host || (allowed.withSubdomains && host.endsWith(`.${allowed.host}`));
}

/**
 * Makes the check of the `Host` header. A request without a host, or with two, is refused by every list.
 *
 * @throws {TypeError} for an entry that is no host.
 */
export function hostCheck(allowed: AllowedHosts): (headers: HeaderList, scheme: string) => boolean {
  if (allowed === "*") return () => true;
  if (!Array.isArray(allowed)) {
    throw new TypeError(
      `allowedHosts: expected a list, as ["example.com"], got ${describeValue(allowed)}. ${forms}; "*" stands for all.`,
    );
  }
  const entries = allowed.map(readEntry);
  return (headers, scheme) => {
    const [value = "", ...more] = headerValues(headers, "host");
    const host = more.length === 0 ? parseHost(value, scheme) : undefined;
    return host !== undefined && entries.some((entry) => matches(entry, host));
  };
}
