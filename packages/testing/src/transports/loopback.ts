import { connect as connectSocket } from "node:net";
import { serve } from "@ws/server";
import type { TestTransport } from "./transport.js";

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
