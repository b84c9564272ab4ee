// Socket.IO, over WebSocket alone as the load speaks it.
import { Server, type Socket } from "socket.io";
import { listen } from "../../rig/listen.js";
import { type Contender, httpServer, run } from "../contender.js";
import { message } from "../message.js";
import type { ServerTask } from "../server-task.js";

const works: Readonly<Record<ServerTask["work"], (socket: Socket) => void>> = {
  echo: (socket) => {
    socket.on("m", (data: unknown) => socket.emit("m", data));
  },
  json: (socket) => {
    socket.on("m", (data: unknown) => socket.emit("m", message.parse(data)));
  },
  fanout: () => {},
};

async function start(task: ServerTask): Promise<Contender> {
  const server = httpServer(task);
  // A message of 1 MiB is a little longer as a packet of Socket.IO's own, which it would refuse with 1009.
  const io = new Server(server, { maxHttpBufferSize: task.maxPayload + 1_024 });
  io.on("connection", works[task.work]);
  return { port: await listen(server), broadcast: (text) => io.emit("m", text) };
}

await run(start);
