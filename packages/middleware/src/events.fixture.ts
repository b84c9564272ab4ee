import type { HttpScope, LifespanScope, ReceiveEvent, WebSocketScope } from "@ws/events";
import * as plain from "@ws/testing/driver";

/** The scope of a server that can deny a handshake with a response. */
export function webSocketScope(parts: Partial<WebSocketScope> = {}): WebSocketScope {
  return plain.webSocketScope({ path: "/ws/", extensions: { "websocket.http.response": {} }, ...parts });
}

export function httpScope(parts: Partial<HttpScope> = {}): HttpScope {
  return plain.httpScope({ path: "/ws/", ...parts });
}

export const lifespanScope: LifespanScope = plain.lifespanScope();
export const connect: ReceiveEvent = { type: "websocket.connect" };
export const disconnect: ReceiveEvent = { type: "websocket.disconnect", code: 1006, reason: "" };
