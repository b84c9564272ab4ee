import { pathToFileURL } from "node:url";
import { createBroadcast } from "@ws/broadcast";
import { redis } from "@ws/broadcast/redis";
import { lifespan, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { handleSignals, type Server, serve } from "@ws/server";
import { z } from "zod";

const Say = z.object({ text: z.string().min(1).max(500) });
const Told = z.object({ from: z.string(), text: z.string(), by: z.int() });

/** One of any number of processes: what is said in one is heard in all that share the Redis. */
export async function start(port: number, url: string): Promise<Server> {
  const broadcast = createBroadcast({ engine: redis({ url }) });
  await broadcast.ready; // rejects where Redis can't be reached, and nothing listens
  const routes = createRouter([
    websocket("/chat/<slug:room>/<slug:name>/", async (socket, { room, name }) => {
      await socket.accept();
      const topic = broadcast.topic(`chat.${room}`, Told, { history: { size: 100, ttl: 60_000 } });
      await topic.join(socket, { as: name }).joined;
      await topic.publish({ from: name, text: "is here", by: process.pid });
      for await (const { text } of socket.json(Say))
        await topic.publish({ from: name, text, by: process.pid });
    }),
  ]);
  const connected = lifespan({ startup: async () => ({}), shutdown: () => broadcast.close() });
  return await serve(connected(websockets(routes)()), { port });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await start(
    Number(process.env["PORT"] ?? 8000),
    process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379",
  );
  handleSignals(server);
  process.stdout.write(`Listening at ${server.url}\n`);
}
