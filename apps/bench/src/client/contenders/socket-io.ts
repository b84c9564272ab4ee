import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import type { Contender } from "../contender.js";

export const contender: Contender = {
  name: "socket.io-client",
  imports: 'export { io } from "socket.io-client"',
  async serve() {
    const http = createServer();
    // Its way to resume, off by default: what was missed is sent again to a client that says where it was.
    const server = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    return { port, publish: (n) => server.emit("numbers", { n }), close: () => server.close() };
  },
  listen(port, heard) {
    const socket = io(`http://127.0.0.1:${port}`, { transports: ["websocket"] });
    socket.on("numbers", ({ n }: { n: number }) => heard(n));
    return () => socket.close();
  },
};
