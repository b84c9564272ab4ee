import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { fileURLToPath, pathToFileURL } from "node:url";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { attach } from "@ws/server";
import createNext from "next";

const routes = createRouter([
  websocket("/live/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(text);
  }),
]);

const dir = fileURLToPath(new URL(".", import.meta.url));

/** Next.js by its custom server; its own socket, by which it reloads in development, stays its own. */
export async function start(
  port: number,
  dev: boolean,
): Promise<{ server: Server; close: () => Promise<void> }> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: chosen } = server.address() as { port: number };
  const next = createNext({ dev, dir, hostname: "127.0.0.1", port: chosen, httpServer: server });
  await next.prepare();
  const handle = next.getRequestHandler();
  server.on("request", (request, response) => void handle(request, response));
  const attached = attach(server, websockets(routes)(), { paths: ["/live/"] });
  await attached.ready;
  const close = async (): Promise<void> => {
    await attached.close();
    await next.close();
    server.close();
    server.closeAllConnections();
  };
  return { server, close };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { close } = await start(
    Number(process.env["PORT"] ?? 8000),
    process.env["NODE_ENV"] !== "production",
  );
  process.once("SIGTERM", close);
  process.stdout.write("Open http://127.0.0.1:8000\n");
}
