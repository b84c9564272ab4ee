import { randomBytes } from "node:crypto";
import { Connection } from "@ws/connection";
import { ConnectionClosed, type WebSocketScope } from "@ws/events";
import type { Person } from "./contract.js";

/** Somebody with a seat of his own. */
export function personOf(name: string): Person {
  return { name, seat: randomBytes(16).toString("hex") };
}

function scopeOf(signal: AbortSignal): WebSocketScope {
  return {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme: "ws",
    path: "/",
    rawPath: "/",
    queryString: "",
    rootPath: "",
    headers: [],
    client: null,
    server: null,
    subprotocols: [],
    state: {},
    extensions: { "websocket.disconnect": { signal } },
  };
}

/** A connection that needs no server, and what ends it. */
export async function connectionOf(): Promise<{ readonly socket: Connection; end(): void }> {
  const controller = new AbortController();
  const socket = new Connection(
    scopeOf(controller.signal),
    async () => ({ type: "websocket.connect" }),
    async () => {},
  );
  await socket.accept();
  const closed = { code: 1006, reason: "", wasClean: false, initiator: "network" } as const;
  return { socket, end: () => controller.abort(new ConnectionClosed(closed)) };
}
