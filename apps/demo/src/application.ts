import { createBroadcast, type Engine, memory } from "@ws/broadcast";
import type { Application } from "@ws/events";
import { accessLog, compose, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, type Logger } from "@ws/server";
import { lifespan } from "./lifespan.js";
import { logBroadcast } from "./log-broadcast.js";
import { page } from "./page.js";
import { Rooms } from "./rooms.js";
import { chat } from "./views/chat.js";
import { echo } from "./views/echo.js";
import { hello } from "./views/hello.js";
import { time } from "./views/time.js";

/** What the demo is made with. */
export interface ApplicationOptions {
  readonly logger: Logger;
  /** What carries the chat from process to process; `memory()` by default, for one process alone. */
  readonly engine?: Engine;
}

/** The whole demo: WebSockets to their views, all else to the page, each connection logged. */
export function createApplication({ logger, engine = memory() }: ApplicationOptions): Application {
  const broadcast = createBroadcast({ engine });
  logBroadcast(broadcast, logger);
  const routes = createRouter([
    websocket("/ws/", echo),
    websocket("/hello/", hello),
    websocket("/time/<int:interval>/", time),
    websocket("/chat/<slug:room>/", chat(new Rooms(broadcast))),
  ]);
  const log = accessLog({ write: (line) => logger.info(line) });
  return compose(log, lifespan(broadcast), websockets(routes))(fromFetch(page));
}
