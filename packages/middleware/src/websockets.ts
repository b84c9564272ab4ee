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

/** The part of a router that `websockets` uses. */
interface Routes<Each extends Route> extends Pick<Router, "resolve"> {
  /** All routes. Where they are known, their middleware is put together at once, so that mistakes show at the start. */
  readonly routes?: readonly Each[];
}

/** The result of `websockets`: a middleware that also works without an application. */
export type WebSocketsMiddleware<Needed extends object> = StateMiddleware<object, Needed> &
  (() => Application<Needed>);

/** For a developer who opens the address in a browser's window, which would be empty without it. */
const askedByHttp: Uint8Array = new TextEncoder().encode("Only WebSocket connections are served here.\n");

/** Answers HTTP requests where there is no HTTP application: only handshakes are served. RFC 9110 §15.5.22. */
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
 * Passes WebSocket scopes to the views and mounts of `routes`, and every other scope to the application. Where no
 * application is given, an HTTP request is answered with 426.
 *
 * A path without a route is refused with 404. An `InvalidMessage` that a view does not catch closes with 1003, 1007 or 1008
 * and its message; every other error is passed to the server.
 *
 * @throws {TypeError} for a value that is no router.
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

/** This is no async function, because each connection would hold the memory of such a function while its view runs. */
function serveView(
  view: View,
  params: Params,
  scope: WebSocketScope,
  receive: Receive,
  send: Send,
): Promise<void> {
  const connection = new Connection(scope, receive, send);
  const refuseMessage = async (error: unknown): Promise<void> => {
    // A denial that is under way cannot be closed; the server cuts it off.
    if (!(error instanceof InvalidMessage) || connection.applicationState === "denying") throw error;
    await connection.close(error.closeCode, closeReason(error.message));
  };
  try {
    return Promise.resolve(view(connection, params)).catch(refuseMessage);
  } catch (error) {
    return refuseMessage(error);
  }
}

/** Appends what the prefix matched to `rootPath`, so that it ends where the rest of `path` begins. */
function mountedScope(
  { rootPath, params }: MountResolution,
  scope: WebSocketScope,
  path: string,
): WebSocketScope {
  const before = scope.path.slice(0, scope.path.length - path.length);
  const pathParams = withOuter(scope.pathParams, params);
  return changeScope(scope, { rootPath: before + rootPath, pathParams });
}

/** The parameters of this router, added to those of the routers in which it is mounted; in an object without a prototype. */
function withOuter(outer: Params | undefined, own: Params): Params {
  return outer === undefined ? own : Object.assign(Object.create(null), outer, own);
}
