// Fastify with @fastify/websocket.
import type { AddressInfo } from "node:net";
import websocket, { type WebSocket } from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import { type Contender, run, tlsOf } from "../contender.js";
import { answerTo } from "../message.js";
import type { ServerTask } from "../server-task.js";

const works: Readonly<Record<ServerTask["work"], (socket: WebSocket) => void>> = {
  echo: (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  },
  json: (socket) => {
    socket.on("message", (data) => socket.send(answerTo(String(data))));
  },
  fanout: () => {},
};

async function start(task: ServerTask): Promise<Contender> {
  const https = tlsOf(task);
  const server = (https === undefined ? fastify() : fastify({ https })) as FastifyInstance;
  await server.register(websocket, { options: { maxPayload: task.maxPayload } });
  server.get("/echo/", { websocket: true }, works[task.work]);
  await server.listen({ port: 0, host: "127.0.0.1" });
  const broadcast = (text: string): void => {
    const data = Buffer.from(text);
    for (const client of server.websocketServer.clients) client.send(data, { binary: false });
  };
  return { port: (server.server.address() as AddressInfo).port, broadcast };
}

await run(start);
