import { createBroadcast } from "@ws/broadcast";
import { redis } from "@ws/broadcast/redis";
import { lifespan, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { handleSignals, serve } from "@ws/server";
import { z } from "zod";

const Say = z.object({ text: z.string().min(1).max(500) });
const Told = z.object({ from: z.string(), text: z.string(), by: z.int() });

/** One of the processes. Each has a memory of its own, so what they share goes through Redis. */
export async function work(): Promise<void> {
  const broadcast = createBroadcast({
    engine: redis({ url: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379" }),
  });
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
  const server = await serve(connected(websockets(routes)()), { port: Number(process.env["PORT"] ?? 8000) });
  handleSignals(server, { drain: { window: 1_000 }, grace: 2_000 });
  process.send?.({ url: server.url });
}
