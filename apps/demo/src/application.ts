import type { Application } from "@ws/events";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, type Logger } from "@ws/server";
import { page } from "./page.js";
import { Rooms } from "./rooms.js";
import { accessLog, websockets } from "./stand-in.js";
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
  return accessLog({ logger })(websockets(routes)(fromFetch(page)));
}
