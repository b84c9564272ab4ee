// crossws with its adapter for Node, which brings a `ws` of its own.
import { defineHooks, type Hooks } from "crossws";
import crossws from "crossws/adapters/node";
import { listen } from "../../rig/listen.js";
import { type Contender, httpServer, run } from "../contender.js";
import { answerTo } from "../message.js";
import type { ServerTask } from "../server-task.js";

const works: Readonly<Record<ServerTask["work"], Partial<Hooks>>> = {
  echo: defineHooks({
    message: (peer, message) => {
      peer.send(message.rawData);
    },
  }),
  json: defineHooks({
    message: (peer, message) => {
      peer.send(answerTo(message.text()));
    },
  }),
  fanout: defineHooks({ open: (peer) => peer.subscribe("all") }),
};

async function start(task: ServerTask): Promise<Contender> {
  const adapter = crossws({ hooks: works[task.work], serverOptions: { maxPayload: task.maxPayload } });
  const server = httpServer(task);
  server.on("upgrade", (request, socket, head) => void adapter.handleUpgrade(request, socket, head));
  return { port: await listen(server), broadcast: (text) => adapter.publish("all", text) };
}

await run(start);
