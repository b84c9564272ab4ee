import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { pathToFileURL } from "node:url";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { attach } from "@ws/server";
import express from "express";

const pages = express();
pages.get("/", (_request, response) => void response.send("A page by Express"));

const routes = createRouter([
  websocket("/live/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(text);
  }),
]);

/** Express answers the requests, and we the WebSockets below `/live/`. */
export async function start(port: number): Promise<{ server: Server; close: () => Promise<void> }> {
  const server = createServer(pages);
  const attached = attach(server, websockets(routes)(), { paths: ["/live/"] });
  await attached.ready;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.close();
    await attached.close(); // 1012 to every socket
  };
  return { server, close };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { close } = await start(Number(process.env["PORT"] ?? 8000));
  process.once("SIGTERM", close);
  process.stdout.write("Open http://127.0.0.1:8000\n");
}
