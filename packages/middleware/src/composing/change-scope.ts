import type { WebSocketScope } from "@ws/events";

/**
 * A copy of the scope with some of its keys changed: a middleware never changes the scope that it was given.
 *
 * By `Object.assign`, for the copies of a spread do not share their shape in V8, and each connection keeps one.
 */
export function changeScope(scope: WebSocketScope, changes: Partial<WebSocketScope>): WebSocketScope {
  return Object.assign({}, scope, changes);
}
