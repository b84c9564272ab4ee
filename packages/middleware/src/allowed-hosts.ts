import { type AllowedHosts, hostCheck, type TransparentMiddleware } from "@ws/events";
import { refuse } from "./answering/denial.js";
import { forRequests } from "./composing/for-web-socket.js";

/**
 * Refuses WebSocket handshakes and HTTP requests for hosts that are not listed, with 421. `"example.com"` is that host
 * alone, and `".example.com"` its subdomains as well. The port is compared only where an entry has one. `serve` has an
 * option of the same name for the whole server.
 *
 * @throws {TypeError} for an entry that is no host.
 */
export function allowedHosts(allowed: AllowedHosts): TransparentMiddleware {
  const isAllowed = hostCheck(allowed);
  return forRequests("allowedHosts(…)", async (application, scope, receive, send) => {
    if (isAllowed(scope.headers, scope.scheme)) await application(scope, receive, send);
    else await refuse(scope, receive, send, { status: 421 });
  });
}
