import { pathToFileURL } from "node:url";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { attach } from "@ws/server";
import fastify, { type FastifyInstance } from "fastify";

const routes = createRouter([
  websocket("/live/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(text);
  }),
]);

/** Fastify with our WebSockets; `app.close()` ends both. */
export function build(): FastifyInstance {
  const app = fastify({ forceCloseConnections: "idle" });
  app.get("/", async () => "A page by Fastify");
  const attached = attach(app.server, websockets(routes)(), { paths: ["/live/"], logger: app.log });
  app.addHook("onReady", () => attached.ready);
  app.addHook("preClose", () => attached.close()); // before Fastify waits for its connections
  return app;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const app = build();
  process.once("SIGTERM", () => void app.close());
  process.stdout.write(`Open ${await app.listen({ port: Number(process.env["PORT"] ?? 8000) })}\n`);
}
