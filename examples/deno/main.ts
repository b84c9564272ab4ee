import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, serve } from "@ws/server";

const routes = createRouter([
  websocket("/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(text);
  }),
]);

const server = await serve(websockets(routes)(fromFetch(() => new Response("A page"))), {
  port: Number(process.env["PORT"] ?? 8000),
});
process.stdout.write(`Listening at ${server.url}\n`);
process.once("SIGTERM", async () => {
  await server.close();
  process.exit(0);
});
