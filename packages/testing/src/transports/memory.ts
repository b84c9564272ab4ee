import { createServer } from "node:http";
import { duplexPair } from "node:stream";
import { attach } from "@ws/server";
import type { TestTransport } from "./transport.js";

/** The real server over an in-memory duplex: the real protocol, no port. */
export const memory: TestTransport = {
  name: "memory",
  async start(application, options) {
    // Upgrades alone: an HTTP request wants a real socket, and `loopback` has them.
    const httpServer = createServer((_request, response) => {
      response.writeHead(426, { upgrade: "websocket", connection: "close" }).end();
    });
    const attached = attach(httpServer, application, options);
    await attached.ready;
    return {
      url: "ws://localhost",
      get connections() {
        return attached.connections;
      },
      dial() {
        const [client, server] = duplexPair();
        // As a reset does between real sockets: what happens to one side shows at the other.
        client.once("close", () => server.destroy());
        server.once("close", () => client.destroy());
        httpServer.emit("connection", server);
        return client;
      },
      close: (closeOptions) => attached.close(closeOptions),
    };
  },
};
