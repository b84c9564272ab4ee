import type { WebSocketScope } from "../model/scope.js";
import { type AllowedOrigins, readOriginList } from "./allowed-origins.js";
import { headerValues } from "./header.js";
import { defaultPorts, parseHost } from "./host.js";
import { type Origin, parseOrigin } from "./origin.js";

/**
 * Says whether the page that asks for a connection may have it. Where `allowed` is a function its own answer comes
 * back, so that this may be a promise, and may throw or reject as the function does.
 *
 * @param isSecure whether the client speaks TLS, for `"same-host"`; `undefined` where that is not known, since a proxy
 *   may have taken the TLS away. By default it is known of a scope whose scheme is `wss`.
 */
export type OriginCheck = (scope: WebSocketScope, isSecure?: boolean) => boolean | Promise<boolean>;

const secureSchemes: ReadonlySet<string> = new Set(["https", "wss"]);

/** Whether the origin names the host and port that the request was sent to, and the scheme as far as it is known. */
function isSameHost(origin: Origin, { headers }: WebSocketScope, isSecure: boolean | undefined): boolean {
  // A scheme of no web server (`file`, `capacitor`) is never the same host.
  if (!defaultPorts.has(origin.scheme)) return false;
  if (isSecure !== undefined && isSecure !== secureSchemes.has(origin.scheme)) return false;
  const host = parseHost(headerValues(headers, "host")[0] ?? "", origin.scheme);
  return host?.host === origin.host && host.port === origin.port;
}

/**
 * Makes the check of the `Origin` header: exact scheme, host and port after parsing. A request without one (no
 * browser) passes; one with two, or with one that is no origin, does not. Source: RFC 6455 §10.2, RFC 6454 §7.
 *
 * @throws {TypeError} for what is no list of origins, with all forms that there are.
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
