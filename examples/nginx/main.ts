import { pathToFileURL } from "node:url";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, handleSignals, type Server, serve } from "@ws/server";

const routes = createRouter([
  websocket("/echo/", async (socket) => {
    await socket.accept();
    for await (const message of socket) {
      if (typeof message === "string") await socket.sendText(message);
      else await socket.sendBytes(message);
    }
  }),
  websocket("/who/", async (socket) => {
    await socket.accept();
    await socket.sendJson({ client: socket.client?.host, host: socket.headers.get("host") });
  }),
]);

export function start(port: number, pingInterval = 20_000): Promise<Server> {
  const application = websockets(routes)(fromFetch(() => new Response("A page")));
  // The proxy alone is believed when it says who the client is.
  return serve(application, { port, pingInterval, trustedProxies: ["127.0.0.1"], keepAliveTimeout: 65_000 });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await start(Number(process.env["PORT"] ?? 8000));
  handleSignals(server, { drain: { window: 5_000 }, grace: 2_000 });
  process.stdout.write(`Listening at ${server.url}\n`);
}
