import { createServer } from "node:http";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { listen } from "../../rig/listen.js";
import type { Contender } from "../contender.js";

export const contender: Contender = {
  name: "socket.io-client",
  imports: 'export { io } from "socket.io-client"',
  async serve() {
    const http = createServer();
    // Its way to resume, off by default: what was missed is sent again to a client that says where it was.
    const server = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } });
    const port = await listen(http);
    return { port, publish: (n) => server.emit("numbers", { n }), close: () => server.close() };
  },
  listen(port, heard) {
    const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"] });
    socket.on("numbers", ({ n }: { n: number }) => heard(n));
    return () => socket.close();
  },
};
