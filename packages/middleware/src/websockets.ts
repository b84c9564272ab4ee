import { Connection } from "@ws/connection";
import { type Application, InvalidMessage, type Receive, type Send, type WebSocketScope } from "@ws/events";
import { type MountResolution, type Router, routePath, type ViewResolution } from "@ws/router";
import { changeScope } from "./change-scope.js";
import { closeReason } from "./close-reason.js";
import { refuse } from "./denial.js";
import { forWebSocket } from "./for-web-socket.js";

type Params = Readonly<Record<string, unknown>>;

/** Where there is no HTTP application: a request must be a handshake. RFC 9110 §15.5.22. */
const upgradeRequired: Application = async (scope, receive, send) => {
  if (scope.type !== "http") throw new TypeError(`websockets: expected a websocket scope, got ${scope.type}`);
  const headers = [
    ["upgrade", "websocket"],
    ["connection", "close, upgrade"],
  ] as const;
  await refuse(scope, receive, send, { status: 426, headers });
};

/**
 * WebSocket scopes go to the views and mounts of `routes`, every other scope to the application; where none is given,
 * an HTTP request is answered with 426.
 *
 * A path without a route is refused with 404. An `InvalidMessage` that escapes a view closes with 1003, 1007 or 1008
 * and its message; every other error goes on to the server.
 */
export function websockets(routes: Pick<Router, "resolve">): (application?: Application) => Application {
  const serve = forWebSocket((_application, scope, receive, send) => {
    const path = routePath(scope);
    const found = routes.resolve(path);
    if (found === undefined) return refuse(scope, receive, send, { status: 404 });
    if (found.kind === "view") return serveView(found, scope, receive, send);
    return found.application(mountedScope(found, scope, path), receive, send);
  });
  return (application = upgradeRequired) => serve(application);
}

/** Not an async function: what that holds while the view runs, it would hold for every connection. */
function serveView(
  { view, params }: ViewResolution,
  scope: WebSocketScope,
  receive: Receive,
  send: Send,
): Promise<void> {
  const pathParams = withOuter(scope.pathParams, params);
  const connection = new Connection(changeScope(scope, { pathParams }), receive, send);
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
