import { readFile } from "node:fs/promises";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch } from "@ws/server";

const routes = createRouter([
  websocket("/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(`You said: ${text}`);
  }),
]);

/** What answers every request that opens no WebSocket. */
const pages = fromFetch(async (request) => {
  if (new URL(request.url).pathname !== "/") return new Response("Not found", { status: 404 });
  const page = await readFile(new URL("page.html", import.meta.url));
  return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
});

export default websockets(routes)(pages);
