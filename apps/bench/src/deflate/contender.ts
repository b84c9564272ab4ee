import { createServer } from "node:http";
import { type Application, prepare, type Send } from "@ws/events";
import { serve } from "@ws/server";
import { WebSocket, WebSocketServer } from "ws";
import { listen } from "../rig/listen.js";

/** A server that sends one text to all its connections. */
export interface Contender {
  readonly port: number;
  /** Resolves when the text may be followed by another. */
  fanOut(text: string): Promise<void>;
}

/** What @ws passes to `ws` when compression is on. */
const settings = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  concurrencyLimit: 10,
  zlibDeflateOptions: { memLevel: 7 },
};

async function bareWs(perMessageDeflate: object | boolean): Promise<Contender> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate });
  return {
    port: await listen(server),
    fanOut: (text) =>
      new Promise((resolve) => {
        let left = sockets.clients.size;
        const onSent = (): void => {
          left -= 1;
          if (left === 0) resolve();
        };
        for (const socket of sockets.clients)
          if (socket.readyState === WebSocket.OPEN) socket.send(text, onSent);
      }),
  };
}

async function ourServer(perMessageDeflate: boolean): Promise<Contender> {
  const members = new Set<Send>();
  const application: Application = async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
    await receive();
    await send({ type: "websocket.accept" });
    members.add(send);
    while ((await receive()).type === "websocket.receive");
    members.delete(send);
  };
  const server = await serve(application, { port: 0, perMessageDeflate });
  return {
    port: Number(new URL(server.url).port),
    async fanOut(text) {
      const event = prepare({ type: "websocket.send", text });
      await Promise.all(Array.from(members, (send) => send(event)));
    },
  };
}

export const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  ws: () => bareWs(settings),
  "ws, contexts kept": () => bareWs(true),
  "@ws": () => ourServer(true),
  "@ws, not compressed": () => ourServer(false),
};
