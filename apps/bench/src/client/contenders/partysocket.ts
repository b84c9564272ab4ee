import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ReconnectingWebSocket from "partysocket/ws";
import { WebSocket, WebSocketServer } from "ws";
import type { Contender } from "../contender.js";

export const contender: Contender = {
  name: "partysocket",
  imports: 'export { default } from "partysocket/ws"',
  async serve() {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const publish = (n: number): void => {
      for (const client of server.clients) client.send(JSON.stringify({ n }));
    };
    return { port, publish, close: () => server.close() };
  },
  listen(port, heard) {
    const socket = new ReconnectingWebSocket(`ws://127.0.0.1:${port}`, [], { WebSocket });
    socket.addEventListener("message", ({ data }) => heard(JSON.parse(data).n));
    return () => socket.close();
  },
};
