import type { IncomingMessage } from "node:http";
import type { Application } from "@ws/events";
import type { Attached } from "./attach.js";
import { Gateway } from "./gateway/gateway.js";
import { resolveClosing } from "./options/closing.js";
import type { ConnectionOptions } from "./options/options.js";
import { resolveOptions } from "./options/resolve-options.js";
import type { OpenWebSocket } from "./socket/adopted-transport.js";

type OnConnection = (webSocket: OpenWebSocket, request: IncomingMessage) => void;

/** The part of a `WebSocketServer` of `ws` that is used. */
export interface OpenWebSocketServer {
  on(event: "connection", listener: OnConnection): unknown;
  off(event: "connection", listener: OnConnection): unknown;
}

/**
 * Runs an application on an existing `WebSocketServer` of `ws`, beside its other listeners. Handshakes, frames, compression
 * and their limits stay those of that server; queues, back-pressure, keep-alive, origins and shutdown are those of `serve`.
 * The server itself is left to its owner.
 *
 * @throws {TypeError} for an option out of range, and `NotAnApplication` for a value that is no application.
 */
export function fromWebSocketServer(
  server: OpenWebSocketServer,
  application: Application,
  options: Partial<ConnectionOptions> = {},
): Attached {
  const gateway = new Gateway(application, resolveOptions(options));
  const onConnection: OnConnection = (webSocket, request) => gateway.adopt(request, webSocket);
  const ready = gateway.startup("fromWebSocketServer");
  // Whoever does not await it sees the failure by the closes with 1013.
  ready.catch(() => {});
  server.on("connection", onConnection);
  const attached: Attached = {
    ready,
    get connections() {
      return gateway.connections;
    },
    async close(closeOptions) {
      await gateway.close(resolveClosing(closeOptions));
      server.off("connection", onConnection);
    },
    [Symbol.asyncDispose]: () => attached.close(),
  };
  return attached;
}
