import {
  type HostPort,
  type HttpScope,
  headerValues,
  type Middleware,
  parseHost,
  type WebSocketScope,
} from "@ws/events";
import { refuse } from "./denial.js";

/** An entry of the list, read. */
interface AllowedHost extends HostPort {
  /** Whether its subdomains are allowed too. */
  readonly withSubdomains: boolean;
}

function readEntry(entry: string): AllowedHost {
  const withSubdomains = entry.startsWith(".");
  const parsed = parseHost(withSubdomains ? entry.slice(1) : entry);
  // An address has no subdomains, and a second dot in front would match nothing.
  if (parsed !== undefined && !(withSubdomains && /^[.[]/.test(parsed.host))) {
    return { ...parsed, withSubdomains };
  }
  throw new TypeError(
    `allowedHosts: expected "host", "host:port" or ".domain", got "${entry.slice(0, 64)}".` +
      " Likely mistake: a scheme, a path or a wildcard.",
  );
}

function matches(allowed: AllowedHost, { host, port }: HostPort): boolean {
  if (allowed.port !== undefined && allowed.port !== port) return false;
  return host === allowed.host || (allowed.withSubdomains && host.endsWith(`.${allowed.host}`));
}

/** The one host that a request names; `undefined` where it names none, or two. */
function hostOf({ headers, scheme }: WebSocketScope | HttpScope): HostPort | undefined {
  const [value = "", ...more] = headerValues(headers, "host");
  return more.length === 0 ? parseHost(value, scheme) : undefined;
}

/**
 * Refuses with 421 the WebSocket handshakes and HTTP requests for hosts that are not listed: `"example.com"` is that
 * host alone, `".example.com"` its subdomains too. A port counts only where the entry names one.
 *
 * @throws {TypeError} for an entry that is no host.
 */
export function allowedHosts(allowed: readonly string[]): Middleware {
  const entries = allowed.map(readEntry);
  return (application) => async (scope, receive, send) => {
    if (scope.type !== "websocket" && scope.type !== "http") return await application(scope, receive, send);
    const host = hostOf(scope);
    const isAllowed = host !== undefined && entries.some((entry) => matches(entry, host));
    if (isAllowed) await application(scope, receive, send);
    else await refuse(scope, receive, send, { status: 421 });
  };
}
