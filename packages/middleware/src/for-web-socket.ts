import type { Application, Middleware, Receive, Send, WebSocketScope } from "@ws/events";

/** Serves one WebSocket connection around `application`. */
export type ServeWebSocket = (
  application: Application,
  scope: WebSocketScope,
  receive: Receive,
  send: Send,
) => Promise<void>;

/** A middleware for WebSocket scopes alone: every other scope, known or not, passes through as it is. */
export function forWebSocket(serve: ServeWebSocket): Middleware {
  return (application) => (scope, receive, send) =>
    scope.type === "websocket" ? serve(application, scope, receive, send) : application(scope, receive, send);
}
