import type { Application, Receive, Send, WebSocketScope } from "@ws/events";
import type { Route, View } from "@ws/router";
import { applyMiddleware } from "./compose.js";

type AnyViewRoute = Extract<Route, { readonly kind: "view" }>;
type Params = Readonly<Record<string, unknown>>;

/** Serves one connection with a view. */
type ServeView = (
  view: View,
  params: Params,
  scope: WebSocketScope,
  receive: Receive,
  send: Send,
) => Promise<void>;

/**
 * Finds the application of a route with its own middleware: its view behind that middleware; `undefined` for a route without
 * middleware. The application is made once for each route, so that a limit counts all connections of the route together.
 */
export function guardedViews(
  routes: readonly Route[],
  serve: ServeView,
): (route: AnyViewRoute) => Application | undefined {
  const made = new WeakMap<AnyViewRoute, Application>();
  const find = (route: AnyViewRoute): Application | undefined => {
    if (route.use.length === 0) return undefined;
    let application = made.get(route);
    if (application === undefined) {
      const call = `the middleware of ${JSON.stringify(route.pattern.slice(0, 64))}`;
      application = applyMiddleware(call, route.use, viewApplication(route, serve));
      made.set(route, application);
    }
    return application;
  };
  for (const route of routes) if (route.kind === "view") find(route);
  return find;
}

/** A view as an application. Its parameters come in the scope, because a middleware passes on nothing else. */
function viewApplication({ parts, view }: AnyViewRoute, serve: ServeView): Application {
  const names = parts.flatMap((part) => (typeof part === "string" ? [] : [part.name]));
  return async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
    const params: Record<string, unknown> = Object.create(null);
    for (const name of names) params[name] = scope.pathParams?.[name];
    await serve(view, params, scope, receive, send);
  };
}
