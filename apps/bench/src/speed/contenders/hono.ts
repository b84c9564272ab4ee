// Hono with @hono/node-server and @hono/node-ws.
import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { createNodeWebSocket } from "@hono/node-ws";
import { Hono } from "hono";
import type { WSContext, WSEvents } from "hono/ws";
import { type Contender, run, tlsOf } from "../contender.js";
import { answerTo } from "../message.js";
import type { ServerTask } from "../server-task.js";

const members = new Set<WSContext>();

const works: Readonly<Record<ServerTask["work"], WSEvents>> = {
  echo: { onMessage: ({ data }, socket) => socket.send(data as string | ArrayBuffer) },
  json: { onMessage: ({ data }, socket) => socket.send(answerTo(String(data))) },
  fanout: {
    onOpen: (_, socket) => {
      members.add(socket);
    },
    onClose: (_, socket) => {
      members.delete(socket);
    },
  },
};

async function start(task: ServerTask): Promise<Contender> {
  const app = new Hono();
  const { injectWebSocket, upgradeWebSocket, wss } = createNodeWebSocket({ app });
  wss.options.maxPayload = task.maxPayload;
  app.get(
    "/echo/",
    upgradeWebSocket(() => works[task.work]),
  );
  const tls = tlsOf(task);
  const place = { fetch: app.fetch, port: 0, hostname: "127.0.0.1" };
  const server = serve(tls ? { ...place, createServer: createHttpsServer, serverOptions: tls } : place);
  injectWebSocket(server);
  await once(server, "listening");
  const broadcast = (text: string): void => {
    for (const member of members) member.send(text);
  };
  return { port: (server.address() as AddressInfo).port, broadcast };
}

await run(start);
