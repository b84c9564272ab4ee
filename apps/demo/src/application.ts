import type { Application } from "@ws/events";
import { accessLog, compose, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, type Logger } from "@ws/server";
import { page } from "./page.js";
import { Rooms } from "./rooms.js";
import { chat } from "./views/chat.js";
import { echo } from "./views/echo.js";
import { hello } from "./views/hello.js";
import { time } from "./views/time.js";

/** The whole demo: WebSockets to their views, all else to the page, each connection logged. */
export function createApplication({ logger }: { readonly logger: Logger }): Application {
  const routes = createRouter([
    websocket("/ws/", echo),
    websocket("/hello/", hello),
    websocket("/time/<int:interval>/", time),
    websocket("/chat/<slug:room>/", chat(new Rooms())),
  ]);
  const log = accessLog({ write: (line) => logger.info(line) });
  return compose(log, websockets(routes))(fromFetch(page));
}
