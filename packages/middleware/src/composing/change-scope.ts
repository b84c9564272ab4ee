import type { WebSocketScope } from "@ws/events";

/**
 * A copy of the scope with some of its keys changed. A middleware never changes the scope that it was given.
 *
 * It uses `Object.assign`, because in V8 the copies that a spread makes do not share their shape, and each connection keeps
 * a copy.
 */
export function changeScope(scope: WebSocketScope, changes: Partial<WebSocketScope>): WebSocketScope {
  return Object.assign({}, scope, changes);
}
