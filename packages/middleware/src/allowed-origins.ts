import { type AllowedOrigins, originCheck, type TransparentMiddleware } from "@ws/events";
import { refuse } from "./answering/denial.js";
import { forWebSocket } from "./composing/for-web-socket.js";

/**
 * Refuses the WebSocket handshakes of pages whose origin is not `allowed`, with 403. A handshake without `Origin` does not
 * come from a browser, and may connect. A function that throws or rejects refuses everybody: the answer is 403, and the
 * server logs the error. Source: RFC 6455 §10.2.
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
    // A function without types may return anything; only `true` allows the origin.
    if (answer === true) await application(scope, receive, send);
    else await refuseOrigin();
  });
}
