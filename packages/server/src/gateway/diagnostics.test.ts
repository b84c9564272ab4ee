import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { WebSocketScope } from "@ws/events";
import { describe, expect, test, vi } from "vitest";
import { publish } from "./diagnostics.js";

const scope: WebSocketScope = {
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
  extensions: {},
};
const id = "x-1";

/** What is published on `name` while `act` runs. */
function heard(name: string, act: () => void): unknown[] {
  const messages: unknown[] = [];
  const onMessage = (message: unknown): void => {
    messages.push(message);
  };
  subscribe(name, onMessage);
  act();
  unsubscribe(name, onMessage);
  return messages;
}

describe("a channel", () => {
  test("ws.server.connection.open tells of a connection that is open", () => {
    const message = { id, scope };
    const act = (): void => publish("ws.server.connection.open", message);
    expect(heard("ws.server.connection.open", act)).toEqual([message]);
  });

  test("ws.server.connection.close tells how and after what time one has ended", () => {
    const message = {
      id,
      scope,
      code: 1000,
      reason: "",
      wasClean: true,
      initiator: "client",
      duration: 5,
    } as const;
    const act = (): void => publish("ws.server.connection.close", message);
    expect(heard("ws.server.connection.close", act)).toEqual([message]);
  });

  test("ws.server.connection.error tells what an application threw", () => {
    const message = { id, scope, error: new Error("boom") };
    const act = (): void => publish("ws.server.connection.error", message);
    expect(heard("ws.server.connection.error", act)).toEqual([message]);
  });

  test("ws.server.handshake.rejected tells who was not let in", () => {
    const message = { status: 400, reason: "bad Host" };
    const act = (): void => publish("ws.server.handshake.rejected", message);
    expect(heard("ws.server.handshake.rejected", act)).toEqual([message]);
  });

  test("ws.server.draining tells that a server shuts down", () => {
    const act = (): void => publish("ws.server.draining", { connections: 3 });
    expect(heard("ws.server.draining", act)).toEqual([{ connections: 3 }]);
  });

  test("does not hear what is told on another", () => {
    const act = (): void => publish("ws.server.draining", { connections: 3 });
    expect(heard("ws.server.connection.open", act)).toEqual([]);
  });

  test("without a listener costs not even a look at the message", () => {
    const connections = vi.fn(() => 3);
    const message = {
      get connections() {
        return connections();
      },
    };
    publish("ws.server.draining", message);
    expect(connections).not.toHaveBeenCalled();
  });

  test("takes its own message alone", () => {
    // @ts-expect-error: a message of another channel
    expect(heard("ws.server.draining", () => publish("ws.server.draining", { status: 400 }))).toHaveLength(1);
  });
});
