// All of @ws: server, middleware, router, connection, view; every default on.
import type { Connection } from "@ws/connection";
import { prepare } from "@ws/events";
import { websockets } from "@ws/middleware";
import { createRouter, type View, websocket } from "@ws/router";
import { fromFetch, serve } from "@ws/server";
import { type Contender, run, tlsOf } from "../contender.js";
import { message } from "../message.js";
import type { ServerTask } from "../server-task.js";

const members = new Set<Connection>();

const views: Readonly<Record<ServerTask["work"], View>> = {
  echo: async (socket) => {
    await socket.accept();
    for await (const received of socket) {
      await (typeof received === "string" ? socket.sendText(received) : socket.sendBytes(received));
    }
  },
  json: async (socket) => {
    await socket.accept();
    const typed = socket.with({ receive: message, send: message });
    for await (const received of typed) await typed.send(received);
  },
  fanout: async (socket) => {
    await socket.accept();
    members.add(socket);
    await socket.closed;
    members.delete(socket);
  },
};

function broadcast(text: string): void {
  const event = prepare({ type: "websocket.send", text });
  for (const member of members) void member.send(event);
}

async function start(task: ServerTask): Promise<Contender> {
  const routes = createRouter([websocket("/echo/", views[task.work])]);
  const application = websockets(routes)(fromFetch(() => new Response("not found", { status: 404 })));
  const server = await serve(application, { port: 0, tls: tlsOf(task) });
  return { port: Number(new URL(server.url).port), broadcast };
}

await run(start);
