import type { WebSocketScope } from "../model/scope.js";
import { type AllowedOrigins, readOriginList } from "./allowed-origins.js";
import { headerValues } from "./header.js";
import { defaultPorts, parseHost } from "./host.js";
import { type Origin, parseOrigin } from "./origin.js";

/**
 * Decides whether a page may connect. Where `allowed` is a function its result is returned, so this may be a promise, and
 * may throw or reject as the function does.
 *
 * @param isSecure whether the client speaks TLS, for `"same-host"`; `undefined` where that is unknown, because a proxy may
 *   have ended the TLS. By default it is known only for a scope with the scheme `wss`.
 */
export type OriginCheck = (scope: WebSocketScope, isSecure?: boolean) => boolean | Promise<boolean>;

const secureSchemes: ReadonlySet<string> = new Set(["https", "wss"]);

/** Whether the origin has the host and port to which the request was sent, and the same scheme if that is known. */
function isSameHost(origin: Origin, { headers }: WebSocketScope, isSecure: boolean | undefined): boolean {
  // A scheme that no web server has (`file`, `capacitor`) is never the same host.
  if (!defaultPorts.has(origin.scheme)) return false;
  if (isSecure !== undefined && isSecure !== secureSchemes.has(origin.scheme)) return false;
  const host = parseHost(headerValues(headers, "host")[0] ?? "", origin.scheme);
  return host?.host === origin.host && host.port === origin.port;
}

/**
 * Makes the check of the `Origin` header, which compares scheme, host and port after parsing. A request without the header
 * does not come from a browser, and passes; a request with two origins, or with an invalid one, does not. Source: RFC 6455
 * §10.2, RFC 6454 §7.
 *
 * @throws {TypeError} for an invalid list, with all forms that are allowed.
 */
export function originCheck(allowed: AllowedOrigins): OriginCheck {
  if (allowed === "*") return () => true;
  const list = typeof allowed === "function" ? undefined : readOriginList(allowed);
  return (scope, isSecure = scope.scheme === "wss" ? true : undefined) => {
    const values = headerValues(scope.headers, "origin");
    const [value] = values;
    if (value === undefined) return true;
    if (values.length > 1) return false;
    const origin = value === "null" ? value : parseOrigin(value);
    if (origin === undefined) return false;
    if (typeof allowed === "function") return allowed(value, scope);
    if (list?.includes(origin)) return true;
    return origin !== "null" && list?.hasSameHost === true && isSameHost(origin, scope, isSecure);
  };
}
