import { Connection } from "@ws/connection";
import { ConnectionClosed, type WebSocketScope } from "@ws/events";
import { type FromServer, fromServer } from "./chat-messages.js";
import type { Sitter } from "./room.js";

/** Somebody with a connection that needs no server. */
export interface FakeSitter extends Sitter {
  /** What this one was told, by the room and alone. */
  readonly heard: readonly FromServer[];
  /** Ends the connection. */
  end(): void;
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

export async function fakeSitter(name: string): Promise<FakeSitter> {
  const controller = new AbortController();
  const heard: FromServer[] = [];
  const socket = new Connection(
    scopeOf(controller.signal),
    async () => ({ type: "websocket.connect" }),
    async (event) => {
      if (event.type === "websocket.send") heard.push(fromServer.parse(JSON.parse(String(event.text))));
    },
  );
  await socket.accept();
  const closed = { code: 1006, reason: "", wasClean: false, initiator: "network" } as const;
  const end = (): void => controller.abort(new ConnectionClosed(closed));
  return { name, socket, tell: (message) => heard.push(message), heard, end };
}
