import { createServer } from "node:http";
import { connect as connectSocket } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import type { Application } from "@ws/events";
import { attach, type CloseOptions, type ConnectionOptions, serve } from "@ws/server";

/** A server that runs an application, and the way to it. */
export interface Endpoint {
  /** The base of its addresses, as `ws://localhost`. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** A new socket to it. */
  dial(): Duplex;
  close(options?: CloseOptions): Promise<void>;
}

/** A way to run an application. The same suite holds for each. */
export interface TestTransport {
  readonly name: string;
  start(application: Application, options?: Partial<ConnectionOptions>): Promise<Endpoint>;
}

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

/** The real server on a port of 127.0.0.1 that the system chooses. */
export const loopback: TestTransport = {
  name: "loopback",
  async start(application, options) {
    const server = await serve(application, { ...options, port: 0 });
    const { hostname, port } = new URL(server.url);
    return {
      url: `ws://${hostname}:${port}`,
      get connections() {
        return server.connections;
      },
      dial: () => connectSocket(Number(port), hostname),
      close: (closeOptions) => server.close(closeOptions),
    };
  },
};
