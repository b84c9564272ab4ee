// The control: `ws` by hand.
import { type WebSocket, WebSocketServer } from "ws";
import { listen } from "../../rig/listen.js";
import { type Contender, httpServer, run } from "../contender.js";
import { answerTo } from "../message.js";
import type { ServerTask } from "../server-task.js";

const works: Readonly<Record<ServerTask["work"], (ws: WebSocket) => void>> = {
  echo: (ws) => {
    ws.on("message", (data, isBinary) => ws.send(data, { binary: isBinary }));
  },
  json: (ws) => {
    ws.on("message", (data) => ws.send(answerTo(String(data))));
  },
  fanout: () => {},
};

async function start(task: ServerTask): Promise<Contender> {
  const server = httpServer(task);
  const sockets = new WebSocketServer({ server, maxPayload: task.maxPayload, perMessageDeflate: false });
  sockets.on("connection", works[task.work]);
  const broadcast = (text: string): void => {
    // A buffer, made once: faster than the string.
    const data = Buffer.from(text);
    for (const client of sockets.clients) client.send(data, { binary: false });
  };
  return { port: await listen(server), broadcast };
}

await run(start);
