import type { AcceptOptions, Connection } from "@ws/connection";
import { type UpgradeRequest, upgradeRequest } from "./adapter/upgrade-request.js";
import { WebSocketAdapter } from "./adapter/web-socket-adapter.js";

/** Serves a connection that has the interface of `ws`. It must add its listeners before it first awaits anything. */
export type ServeWebSocket = (client: WebSocketAdapter, request: UpgradeRequest) => unknown;

/**
 * Runs code that was written for a `WebSocket` of `ws` or of the DOM on a connection: graphql-ws, tRPC and the like. It
 * accepts the connection unless somebody has, and resolves when the connection has ended.
 *
 * It rejects with the error that `serve` or one of its listeners throws or rejects with. The server logs that error and
 * closes the connection with 1011; the listeners of `close` are called before.
 */
export async function asWebSocket(
  socket: Connection<unknown>,
  serve: ServeWebSocket,
  options: AcceptOptions = {},
): Promise<void> {
  if (socket.applicationState === "connecting") await socket.accept(options);
  const client = new WebSocketAdapter(socket, options.subprotocol ?? "");
  await client.run(() => serve(client, upgradeRequest(socket.scope)));
}
