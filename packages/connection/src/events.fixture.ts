import type { ReceiveEvent, WebSocketScope } from "@ws/events";
import { Driver, webSocketScope } from "@ws/testing/driver";
import { Connection } from "./connection.js";

export const text = (value: string): ReceiveEvent => ({ type: "websocket.receive", text: value });
export const bytes = (...values: number[]): ReceiveEvent => ({
  type: "websocket.receive",
  bytes: Uint8Array.from(values),
});
export const json = (value: unknown): ReceiveEvent => text(JSON.stringify(value));
export const connected: ReceiveEvent = { type: "websocket.connect" };
export const disconnected = (code = 1001, reason = "away"): ReceiveEvent => ({
  type: "websocket.disconnect",
  code,
  reason,
});

/** A connection over a driver that has already given `websocket.connect` and these events. */
export function fakeConnection(
  events: readonly ReceiveEvent[] = [],
  scope: Partial<WebSocketScope> = {},
): { readonly socket: Connection; readonly driver: Driver } {
  const driver = new Driver(connected, ...events);
  return { socket: new Connection(webSocketScope(scope), driver.receive, driver.send), driver };
}

/** The same, accepted. */
export async function acceptedConnection(
  ...events: readonly ReceiveEvent[]
): Promise<{ readonly socket: Connection; readonly driver: Driver }> {
  const parts = fakeConnection(events);
  await parts.socket.accept();
  return parts;
}

/** What a promise rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection, got none");
}
