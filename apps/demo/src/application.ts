import { type Broadcast, createBroadcast, type Engine, memory } from "@ws/broadcast";
import type { Application, TransparentMiddleware } from "@ws/events";
import { accessLog, compose, lifespan, visibleDenials, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, type Logger } from "@ws/server";
import { chat } from "./chat/chat.js";
import { logBroadcast } from "./engines/log-broadcast.js";
import { page } from "./page.js";
import { echo } from "./views/echo.js";
import { hello } from "./views/hello.js";
import { time } from "./views/time.js";

/** What the demo is made with. */
export interface ApplicationOptions {
  readonly logger: Logger;
  /** What carries the chat from process to process; `memory()` by default, for one process alone. */
  readonly engine?: Engine;
}

/** Waits for the broadcast's engine before the first connection, and closes it after the last. */
function carried(broadcast: Broadcast): TransparentMiddleware {
  const startup = async (): Promise<void> => {
    try {
      await broadcast.ready;
    } catch (error) {
      await broadcast.close();
      throw error;
    }
  };
  return lifespan({ startup, shutdown: () => broadcast.close() });
}

/** The whole demo: WebSockets to their views, all else to the page, each connection logged. */
export function createApplication({ logger, engine = memory() }: ApplicationOptions): Application {
  const broadcast = createBroadcast({ engine });
  logBroadcast(broadcast, logger);
  const routes = createRouter([
    websocket("/ws/", echo),
    websocket("/hello/", hello),
    websocket("/time/<int:interval>/", time),
    chat(broadcast, logger),
  ]);
  const log = accessLog({ write: (line) => logger.info(line) });
  return compose(log, visibleDenials(), carried(broadcast), websockets(routes))(fromFetch(page));
}
