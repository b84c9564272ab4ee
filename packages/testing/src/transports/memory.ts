import { createServer } from "node:http";
import { duplexPair } from "node:stream";
import { attach } from "@ws/server";
import type { TestTransport } from "./transport.js";

/** The real server on a pair of streams in memory: the real protocol, without a port. */
export const memory: TestTransport = {
  name: "memory",
  async start(application, options) {
    // It only serves upgrades: HTTP requests need a real socket, which `loopback` has.
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
        // What happens to one side shows at the other one, as a reset between real sockets does.
        client.once("close", () => server.destroy());
        server.once("close", () => client.destroy());
        httpServer.emit("connection", server);
        return client;
      },
      close: (closeOptions) => attached.close(closeOptions),
    };
  },
};
