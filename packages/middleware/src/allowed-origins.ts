import { type AllowedOrigins, originCheck, type TransparentMiddleware } from "@ws/events";
import { refuse } from "./answering/denial.js";
import { forWebSocket } from "./composing/for-web-socket.js";

/**
 * Refuses with 403 the WebSocket handshakes of pages that are not `allowed`; one without `Origin`, which is no
 * browser's, may connect. A function that throws or rejects lets nobody in: the answer is 403, and the server logs the
 * error. Source: RFC 6455 §10.2.
 *
 * @throws {TypeError} for an entry that is no origin.
 */
export function allowedOrigins(allowed: AllowedOrigins): TransparentMiddleware {
  const isAllowed = originCheck(allowed);
  return forWebSocket("allowedOrigins(…)", async (application, scope, receive, send) => {
    const refuseOrigin = (): Promise<void> => refuse(scope, receive, send, { status: 403 });
    let answer: unknown;
    try {
      answer = await isAllowed(scope);
    } catch (error) {
      await refuseOrigin();
      throw error;
    }
    // A function without types may give anything; only `true` lets a page in.
    if (answer === true) await application(scope, receive, send);
    else await refuseOrigin();
  });
}
