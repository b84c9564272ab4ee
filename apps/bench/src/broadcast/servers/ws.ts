// @ws/broadcast on all of @ws: server, middleware, router, connection; every default on but how much may wait.
import { createBroadcast, type Engine, memory } from "@ws/broadcast";
import { nats } from "@ws/broadcast/nats";
import { redis } from "@ws/broadcast/redis";
import type { Connection } from "@ws/connection";
import { websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, serve } from "@ws/server";
import { type Contender, run } from "../host.js";
import { enveloped } from "../load/envelope.js";
import { schema } from "../load/message.js";
import type { EngineName, ServerTask } from "../server-task.js";

const engines: Readonly<Record<EngineName, (url: string) => Engine>> = {
  memory: () => memory(),
  redis: (url) => redis({ url }),
  nats: (url) => nats({ servers: url }),
};

async function start({ engine, url, isEnveloped, isLate }: ServerTask): Promise<Contender> {
  const broadcast = createBroadcast({ engine: engines[engine](url) });
  await broadcast.ready;
  const topic = broadcast.topic("room", schema);
  // None is to be sent away for a load that is slow.
  const encode = ({ payload }: { readonly payload: string }): string => enveloped(payload);
  const options = { max: 1_000_000, ...(isEnveloped && { encode }) };
  const waiting: Connection[] = [];
  let joined = 0;
  const join = async (socket: Connection): Promise<void> => {
    await topic.join(socket, options).joined;
    joined += 1;
  };

  const routes = createRouter([
    websocket("/echo/", async (socket) => {
      await socket.accept();
      if (isLate) waiting.push(socket);
      else await join(socket);
      await socket.closed;
    }),
  ]);
  const application = websockets(routes)(fromFetch(() => new Response("not found", { status: 404 })));
  const server = await serve(application, { port: 0 });
  return {
    port: Number(new URL(server.url).port),
    get joined() {
      return joined;
    },
    join: () => {
      for (const socket of waiting) void join(socket);
    },
    publish: (message) => topic.publish(message),
  };
}

await run(start);
