import type { AcceptOptions, Connection } from "@ws/connection";
import { type UpgradeRequest, upgradeRequest } from "./adapter/upgrade-request.js";
import { WebSocketAdapter } from "./adapter/web-socket-adapter.js";

/** Serves a connection that looks like one of `ws`: it adds its listeners before it first waits for anything. */
export type ServeWebSocket = (client: WebSocketAdapter, request: UpgradeRequest) => unknown;

/**
 * Runs code that was written for a `WebSocket` of `ws`, or of the DOM, on a connection: graphql-ws, tRPC and their like.
 * Accepts unless somebody has, and resolves when the connection has ended.
 *
 * What `serve` or one of its listeners throws, or rejects with, is rejected with: the server logs it and closes this
 * connection with 1011; the listeners of `close` are told before.
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
