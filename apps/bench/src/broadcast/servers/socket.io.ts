// Socket.IO's rooms, over WebSocket alone as the load speaks it; in many processes by its Redis adapter.
import { createServer } from "node:http";
import { createClient } from "@redis/client";
import { createAdapter } from "@socket.io/redis-adapter";
import { Server, type Socket } from "socket.io";
import { listen } from "../../rig/listen.js";
import { type Contender, run } from "../host.js";
import type { ServerTask } from "../server-task.js";

/** Joins Redis, as its documentation says. */
async function adapterOf(url: string): Promise<ReturnType<typeof createAdapter>> {
  const publisher = createClient({ url });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return createAdapter(publisher, subscriber);
}

async function start({ engine, url, isLate }: ServerTask): Promise<Contender> {
  const server = createServer();
  const io = new Server(server, engine === "redis" ? { adapter: await adapterOf(url) } : {});
  const waiting: Socket[] = [];
  let joined = 0;
  const join = (socket: Socket): void => {
    void socket.join("room");
    joined += 1;
  };
  io.on("connection", (socket) => {
    if (isLate) waiting.push(socket);
    else join(socket);
  });
  return {
    port: await listen(server),
    get joined() {
      return joined;
    },
    join: () => {
      for (const socket of waiting) join(socket);
    },
    publish: (message) => {
      io.to("room").emit("m", message);
      return undefined;
    },
  };
}

await run(start);
