import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { fileURLToPath, pathToFileURL } from "node:url";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { attach } from "@ws/server";
import { createServer as createVite } from "vite";

const routes = createRouter([
  websocket("/live/echo/", async (socket) => {
    await socket.accept();
    for await (const text of socket.text()) await socket.sendText(text);
  }),
]);

const root = fileURLToPath(new URL("page", import.meta.url));

/** In development: the page with its hot reload, by Vite, and our WebSockets, on one port. */
export async function start(port: number): Promise<{ server: Server; close: () => Promise<void> }> {
  const server = createServer();
  // Vite's own socket, by which it reloads, is on the same server: `paths` leaves it alone.
  const vite = await createVite({
    root,
    configFile: false,
    logLevel: "error",
    server: { middlewareMode: true, hmr: { server } },
  });
  server.on("request", vite.middlewares);
  const attached = attach(server, websockets(routes)(), { paths: ["/live/"] });
  await attached.ready;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    await attached.close();
    await vite.close();
    server.close();
    server.closeAllConnections();
  };
  return { server, close };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { close } = await start(Number(process.env["PORT"] ?? 8000));
  process.once("SIGTERM", close);
  process.stdout.write("Open http://127.0.0.1:8000\n");
}
