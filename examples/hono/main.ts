import { pathToFileURL } from "node:url";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, handleSignals, type Server, serve } from "@ws/server";
import { Hono } from "hono";

const pages = new Hono();
pages.get("/", (context) => context.text("A page by Hono"));

const routes = createRouter([
  websocket("/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(text);
  }),
]);

/** Hono is a function from `Request` to `Response`: it needs no server of its own. */
export function start(port: number): Promise<Server> {
  return serve(websockets(routes)(fromFetch((request) => pages.fetch(request))), { port });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await start(Number(process.env["PORT"] ?? 8000));
  handleSignals(server);
  process.stdout.write(`Open ${server.url}\n`);
}
