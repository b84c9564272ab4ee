import { closeCodeOfStatus, subprotocol } from "@ws/contract/wire";
import { headerValues, type SendEvent, type TransparentMiddleware } from "@ws/events";
import { speaksChannels } from "./answering/close-code-for.js";
import { forWebSocket } from "./composing/for-web-socket.js";

/** The close that takes the place of a denial. */
function closeOf(status: number, retryAfter: string | undefined): SendEvent {
  const isSeconds = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter);
  const reason = `http ${status}${isSeconds ? `; retry-after=${retryAfter}` : ""}`;
  return { type: "websocket.close", code: closeCodeOfStatus(status), reason };
}

/**
 * Lets a page see why it was refused, because a browser does not show the status of a handshake. Where a client offered
 * `jsonrpc.topics.v1`, a denial becomes an accept and a close: 3000 for 401, 3003 for 403, 3008 for 408, otherwise 4000 +
 * status, with `retry-after=30` in the reason where the denial has that header (in seconds). The denial's body is dropped.
 * It must be the outermost middleware, because it sees only what passes through it.
 *
 * A refusal by the server itself, before any application runs, remains a status: a refused origin, or 503 while the server
 * drains.
 */
export function visibleDenials(): TransparentMiddleware {
  return forWebSocket("visibleDenials()", async (application, scope, receive, send) => {
    if (!speaksChannels(scope)) return await application(scope, receive, send);
    let isAnswered = false;
    let denial: SendEvent | undefined;
    const show = async (close: SendEvent): Promise<void> => {
      isAnswered = true;
      await send({ type: "websocket.accept", subprotocol });
      await send(close);
    };
    await application(scope, receive, async (event) => {
      if (event.type === "websocket.http.response.start" && !isAnswered) {
        denial = closeOf(event.status, headerValues(event.headers ?? [], "retry-after")[0]);
      } else if (event.type === "websocket.http.response.body" && denial !== undefined) {
        if (!event.moreBody) await show(denial);
      } else if (event.type === "websocket.close" && !isAnswered) {
        await show(closeOf(403, undefined));
      } else {
        await send(event);
        isAnswered ||= event.type === "websocket.accept";
      }
    });
  });
}
