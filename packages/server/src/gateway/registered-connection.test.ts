import type { WebSocketScope } from "@ws/events";
import { lostConnection } from "@ws/events";
import { describe, expect, test } from "vitest";
import { KeptLog } from "../raw.fixture.js";
import { CloseState } from "../session/close-state.js";
import type { Session } from "../session/session.js";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { ConnectionRegistry } from "./connection-registry.js";
import { Disconnect, Draining, webSocketExtensions } from "./extensions.js";
import { RegisteredConnection } from "./registered-connection.js";

class Fixture {
  readonly clock = new FakeClock();
  readonly logger = new KeptLog();
  readonly registry: ConnectionRegistry;
  readonly record: RegisteredConnection;

  constructor() {
    const disconnect = new Disconnect();
    const draining = new Draining(new AbortController().signal);
    const extensions = webSocketExtensions({ id: "1" }, disconnect, draining);
    const scope = { type: "websocket", path: "/chat/", extensions } as WebSocketScope;
    this.registry = new ConnectionRegistry(this.clock, { closeTimeout: 5_000, logger: this.logger });
    this.record = new RegisteredConnection("1", { disconnect, draining }, this.registry);
    this.record.begin(scope);
    this.record.enter({} as Session);
    this.record.settled();
    this.record.ended(new CloseState({ ...lostConnection, initiator: "network" }));
  }
}

describe("an application", () => {
  test("that returns before its socket is closed is no news", () => {
    const { record, clock, registry, logger } = new Fixture();
    record.returned();
    record.released();
    clock.advance(60_000);
    expect(registry.connections.size).toBe(0);
    expect(clock.pending).toBe(0);
    expect(logger.lines).toEqual([]);
  });

  test("that returns within closeTimeout of that is none either", () => {
    const { record, clock, registry, logger } = new Fixture();
    record.released();
    clock.advance(4_999);
    record.returned();
    clock.advance(60_000);
    expect(registry.connections.size).toBe(0);
    expect(logger.lines).toEqual([]);
  });

  test("that still runs then is warned of once, with its id", () => {
    const { record, clock, registry, logger } = new Fixture();
    record.released();
    clock.advance(60_000);
    expect(registry.connections.size).toBe(1);
    const message = "the application still runs though its connection is over";
    expect(logger.lines).toEqual([{ level: "warn", message, fields: { id: "1" } }]);
  });
});

test("an error that the application has caught is logged with the connection's name and path, beside what is given", () => {
  const { record, logger } = new Fixture();
  const error = new Error("no");
  record.logError("a handler failed", error, { method: "say" });
  const fields = { id: "1", path: "/chat/", method: "say", error };
  expect(logger.lines).toEqual([{ level: "error", message: "a handler failed", fields }]);
});
