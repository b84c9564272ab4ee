import { Connection } from "@ws/connection";
import type { Application, Middleware } from "@ws/events";
import type { Router } from "@ws/router";
export function websockets(routes: Router): (app: Application) => Application {
  return (app) => async (scope, receive, send) => {
    if (scope.type !== "websocket") return await app(scope, receive, send);
    const socket = new Connection(scope, receive, send);
    const found = routes.resolve(scope.path);
    if (found === undefined || found.kind !== "view") return await socket.deny({ status: 404 });
    await found.view(socket, found.params);
    if (socket.applicationState === "connected") await socket.close();
  };
}
export function accessLog(_options: unknown): Middleware {
  return (app) => app;
}
