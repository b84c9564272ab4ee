import type {
  Application,
  HttpScope,
  Receive,
  Send,
  StateMiddleware,
  TransparentMiddleware,
  WebSocketScope,
} from "@ws/events";
import { defineMiddleware } from "./define-middleware.js";

/** Serves one connection or request around `application`. */
type Serve<Scope> = (application: Application, scope: Scope, receive: Receive, send: Send) => Promise<void>;

/** A middleware for WebSocket scopes alone. Every other scope, known or unknown, passes through unchanged. */
export function forWebSocket(call: string, serve: Serve<WebSocketScope>): TransparentMiddleware {
  return defineMiddleware(
    call,
    (application) => (scope, receive, send) =>
      scope.type === "websocket"
        ? serve(application, scope, receive, send)
        : application(scope, receive, send),
  );
}

/** A middleware for WebSocket and HTTP scopes. The lifespan and unknown scopes pass through unchanged. */
export function forRequests<Provided extends object = object>(
  call: string,
  serve: Serve<WebSocketScope | HttpScope>,
): StateMiddleware<Provided> {
  return defineMiddleware(
    call,
    (application) => (scope, receive, send) =>
      scope.type === "websocket" || scope.type === "http"
        ? serve(application, scope, receive, send)
        : application(scope, receive, send),
  );
}
