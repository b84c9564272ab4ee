import { Connection } from "@ws/connection";
import {
  type Application,
  InvalidMessage,
  type Receive,
  type Send,
  type StateMiddleware,
  type WebSocketScope,
} from "@ws/events";
import { describeValue } from "@ws/events/checks";
import {
  type MountResolution,
  type NeededByAll,
  type Route,
  type Router,
  routePath,
  type View,
} from "@ws/router";
import { closeReason } from "./answering/close-reason.js";
import { refuse } from "./answering/denial.js";
import { changeScope } from "./composing/change-scope.js";
import { forWebSocket } from "./composing/for-web-socket.js";
import { guardedViews } from "./composing/guarded-views.js";

type Params = Readonly<Record<string, unknown>>;

/** What `websockets` asks of a router. */
interface Routes<Each extends Route> extends Pick<Router, "resolve"> {
  /** Where they are known, the middleware of all routes is put together at once, and its mistakes show at once. */
  readonly routes?: readonly Each[];
}

/** What `websockets` gives: a middleware that can do without an application. */
export type WebSocketsMiddleware<Needed extends object> = StateMiddleware<object, Needed> &
  (() => Application<Needed>);

/** For a developer who opens the address in a browser's window, which would be empty without it. */
const askedByHttp: Uint8Array = new TextEncoder().encode("Only WebSocket connections are served here.\n");

/** Where there is no HTTP application: a request must be a handshake. RFC 9110 §15.5.22. */
const upgradeRequired: Application = async (scope, _receive, send) => {
  if (scope.type !== "http") throw new TypeError(`websockets: expected a websocket scope, got ${scope.type}`);
  const headers = [
    ["upgrade", "websocket"],
    ["connection", "close, upgrade"],
    ["content-type", "text/plain; charset=utf-8"],
    ["content-length", String(askedByHttp.length)],
  ] as const;
  await send({ type: "http.response.start", status: 426, headers });
  await send({ type: "http.response.body", body: askedByHttp });
};

/**
 * WebSocket scopes go to the views and mounts of `routes`, every other scope to the application; where none is given,
 * an HTTP request is answered with 426.
 *
 * A path without a route is refused with 404. An `InvalidMessage` that escapes a view closes with 1003, 1007 or 1008
 * and its message; every other error goes on to the server.
 *
 * @throws {TypeError} for what is no router.
 */
export function websockets<Each extends Route>(
  routes: Routes<Each>,
): WebSocketsMiddleware<NeededByAll<Each>> {
  if (typeof (routes as Routes<Each> | undefined)?.resolve !== "function") {
    const mistake = Array.isArray(routes)
      ? ". Likely mistake: createRouter([ … ]) is missing around the list"
      : "";
    throw new TypeError(`websockets: expected a router, got ${describeValue(routes)}${mistake}`);
  }
  const guarded = guardedViews(routes.routes ?? [], serveView);
  const serve = forWebSocket("websockets(…)", (_application, scope, receive, send) => {
    const path = routePath(scope);
    const found = routes.resolve(path);
    if (found === undefined) return refuse(scope, receive, send, { status: 404 });
    if (found.kind === "mount") return found.application(mountedScope(found, scope, path), receive, send);
    const { params, route, view } = found;
    const viewScope = changeScope(scope, { pathParams: withOuter(scope.pathParams, params) });
    const application = guarded(route);
    if (application !== undefined) return application(viewScope, receive, send);
    return serveView(view, params, viewScope, receive, send);
  });
  const middleware = (application: Application = upgradeRequired): Application => serve(application);
  return middleware as unknown as WebSocketsMiddleware<NeededByAll<Each>>;
}

/** Not an async function: what that holds while the view runs, it would hold for every connection. */
function serveView(
  view: View,
  params: Params,
  scope: WebSocketScope,
  receive: Receive,
  send: Send,
): Promise<void> {
  const connection = new Connection(scope, receive, send);
  const refuseMessage = async (error: unknown): Promise<void> => {
    // A denial that is under way can't be closed; the server cuts it off.
    if (!(error instanceof InvalidMessage) || connection.applicationState === "denying") throw error;
    await connection.close(error.closeCode, closeReason(error.message));
  };
  try {
    return Promise.resolve(view(connection, params)).catch(refuseMessage);
  } catch (error) {
    return refuseMessage(error);
  }
}

/** `rootPath` grows by what the prefix matched, so that it is where `path` begins. */
function mountedScope(
  { rootPath, params }: MountResolution,
  scope: WebSocketScope,
  path: string,
): WebSocketScope {
  const before = scope.path.slice(0, scope.path.length - path.length);
  const pathParams = withOuter(scope.pathParams, params);
  return changeScope(scope, { rootPath: before + rootPath, pathParams });
}

/** The parameters of this router over those of the ones that it is mounted in; without a prototype. */
function withOuter(outer: Params | undefined, own: Params): Params {
  return outer === undefined ? own : Object.assign(Object.create(null), outer, own);
}
