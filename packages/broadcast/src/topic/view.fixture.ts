import { Connection } from "@ws/connection";
import type { Application } from "@ws/events";

/** An application of one view. */
export function view(run: (socket: Connection) => Promise<void>): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
    await run(new Connection(scope, receive, send));
  };
}
