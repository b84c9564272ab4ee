import { pathToFileURL } from "node:url";
import { initTRPC } from "@trpc/server";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import { asWebSocket, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { handleSignals, type Server, serve } from "@ws/server";
import type { WebSocket } from "ws";

const t = initTRPC.create();
const router = t.router({
  greet: t.procedure.input((name) => String(name)).query(({ input }) => `Hello ${input}`),
  countdown: t.procedure
    .input((from) => Number(from))
    .subscription(async function* ({ input }) {
      for (let left = input; left >= 0; left -= 1) yield left;
    }),
});
export type AppRouter = typeof router;

// The handler's type asks for a server of ws, which it does not use.
const onConnection = getWSConnectionHandler({ router, wss: undefined as never });

const routes = createRouter([
  websocket("/trpc", (socket) =>
    asWebSocket(socket, (client, request) => onConnection(client as unknown as WebSocket, request as never)),
  ),
]);

export function start(port: number): Promise<Server> {
  return serve(websockets(routes)(), { port });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await start(Number(process.env["PORT"] ?? 8000));
  handleSignals(server);
  process.stdout.write(`Listening at ${server.url}/trpc\n`);
}
