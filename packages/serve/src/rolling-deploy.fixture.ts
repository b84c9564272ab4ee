import { createBroadcast } from "@ws/broadcast";
import { redis } from "@ws/broadcast/redis";
import type { Application } from "@ws/events";
import { lifespan, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { z } from "zod";

const Said = z.object({ id: z.string() });
const Begin = z.object({ from: z.object({ epoch: z.string(), sequence: z.number() }).optional() });

const broadcast = createBroadcast({ engine: redis({ url: process.env["REDIS_URL"] ?? "" }) });

/**
 * A room as many processes serve it: a client says where it stands, gets what came after, and publishes by ids of its own, so
 * that what it publishes again after a lost connection is the same message.
 */
const routes = createRouter([
  websocket("/room/<slug:room>/", async (socket, { room }) => {
    await socket.accept();
    const topic = broadcast.topic(room, Said, { history: { size: 50_000, ttl: 600_000 }, positions: true });
    const { from } = await socket.receiveJson(Begin);
    const { recovered } = await topic.join(socket, { max: 10_000, ...(from !== undefined && { from }) })
      .joined;
    await socket.sendJson({ began: recovered });
    for await (const { id } of socket.json(Said)) {
      await topic.publish({ id }, { idempotencyKey: id });
      await socket.sendJson({ published: id });
    }
  }),
]);

const connected = lifespan({ startup: () => broadcast.ready, shutdown: () => broadcast.close() });

/** The application. */
const application: Application = connected(websockets(routes)());

export default application;
