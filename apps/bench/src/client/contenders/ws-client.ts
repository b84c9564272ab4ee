import { createBroadcast, memory } from "@ws/broadcast";
import { createClient, type Gap } from "@ws/client";
import { channel } from "@ws/contract";
import { websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { serve } from "@ws/server";
import { implement } from "@ws/service";
import { WebSocket } from "ws";
import { z } from "zod";
import type { Contender } from "../contender.js";

const numbered = z.object({ n: z.number() });
const numbers = channel("/numbers/", { topics: { numbers: numbered } });

export const contender: Contender = {
  name: "@ws/client",
  imports: 'export { createClient } from "@ws/client"',
  async serve() {
    const broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("numbers", numbered, { history: { size: 10_000, ttl: 60_000 } });
    const view = implement(numbers, { topics: { numbers: () => topic } });
    const server = await serve(websockets(createRouter([view]))(), { port: 0 });
    const port = Number(new URL(server.url).port);
    return { port, publish: (n) => topic.publish({ n }), close: () => server.close({ grace: 0 }) };
  },
  listen(port, heard) {
    const client = createClient<typeof numbers>(`ws://127.0.0.1:${port}/numbers/`, { WebSocket });
    const onGap = ({ reason }: Gap): void => process.emitWarning(reason);
    client.subscribe("numbers", { onMessage: ({ n }) => heard(n), onGap });
    return () => client.close();
  },
};
