import type { HttpScope, WebSocketScope } from "../model/scope.js";
import { headerValues } from "./header.js";
import { parseHost } from "./host.js";

/**
 * The URL of a request. Its host is what the client sent (`localhost` where it sent none), so it must not be trusted.
 *
 * @throws {TypeError} for an invalid `Host` header; a server refuses such a request before an application runs.
 */
export function requestUrl(scope: WebSocketScope<unknown> | HttpScope<unknown>): URL {
  const [host = "localhost"] = headerValues(scope.headers, "host");
  if (parseHost(host) === undefined) {
    throw new TypeError(`Host: expected "host" or "host:port", got "${host.slice(0, 64)}"`);
  }
  const url = new URL(`${scope.scheme}://${host}`);
  // The path is set separately, so that a path such as //evil.example can never become the host.
  url.pathname = scope.rawPath;
  url.search = scope.queryString;
  return url;
}
