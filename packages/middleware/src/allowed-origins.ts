import { type AllowedOrigins, type Middleware, originCheck } from "@ws/events";
import { refuse } from "./denial.js";
import { forWebSocket } from "./for-web-socket.js";

/**
 * Refuses with 403 the WebSocket handshakes of pages that are not `allowed`; one without `Origin`, which is no
 * browser's, may connect. Source: RFC 6455 §10.2.
 *
 * @throws {TypeError} for an entry that is no origin.
 */
export function allowedOrigins(allowed: AllowedOrigins): Middleware {
  const isAllowed = originCheck(allowed);
  return forWebSocket(async (application, scope, receive, send) => {
    if (isAllowed(scope.headers)) await application(scope, receive, send);
    else await refuse(scope, receive, send, { status: 403 });
  });
}
