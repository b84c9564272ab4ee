// @ws as a bare application: `receive` and `send`, no router and no connection.
import { type Application, prepare, type Receive, type Send } from "@ws/events";
import { serve } from "@ws/server";
import { type Contender, run, tlsOf } from "../contender.js";
import { answerTo } from "../message.js";
import type { ServerTask } from "../server-task.js";

const members = new Set<Send>();

const works: Readonly<Record<ServerTask["work"], (receive: Receive, send: Send) => Promise<void>>> = {
  echo: async (receive, send) => {
    for (let event = await receive(); event.type === "websocket.receive"; event = await receive()) {
      await (event.text === undefined
        ? send({ type: "websocket.send", bytes: event.bytes })
        : send({ type: "websocket.send", text: event.text }));
    }
  },
  json: async (receive, send) => {
    for (let event = await receive(); event.type === "websocket.receive"; event = await receive()) {
      await send({ type: "websocket.send", text: answerTo(event.text ?? "") });
    }
  },
  fanout: async (receive, send) => {
    members.add(send);
    await receive();
    members.delete(send);
  },
};

function broadcast(text: string): void {
  const event = prepare({ type: "websocket.send", text });
  for (const send of members) void send(event);
}

async function start(task: ServerTask): Promise<Contender> {
  const work = works[task.work];
  const application: Application = async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`no ${scope.type} here`);
    await receive();
    await send({ type: "websocket.accept" });
    await work(receive, send);
  };
  const server = await serve(application, { port: 0, tls: tlsOf(task) });
  return { port: Number(new URL(server.url).port), broadcast };
}

await run(start);
