import type { WebSocketScope } from "@ws/events";
import { lostConnection } from "@ws/events";
import { describe, expect, test } from "vitest";
import { Books } from "./books.js";
import { FakeClock } from "./clock.fixture.js";
import { ConnectionRecord } from "./connection-record.js";
import { End } from "./end.js";
import { Disconnect, webSocketExtensions } from "./extensions.js";
import { KeptLog } from "./raw.fixture.js";
import type { Session } from "./session.js";

class Fixture {
  readonly clock = new FakeClock();
  readonly logger = new KeptLog();
  readonly books: Books;
  readonly record: ConnectionRecord;

  constructor() {
    const disconnect = new Disconnect();
    const extensions = webSocketExtensions("1", disconnect, new AbortController());
    const scope = { type: "websocket", extensions } as WebSocketScope;
    this.books = new Books(this.clock, { closeTimeout: 5_000, logger: this.logger });
    this.record = new ConnectionRecord("1", scope, disconnect, this.books);
    this.record.enter({} as Session);
    this.record.settled();
    this.record.ended(new End({ ...lostConnection, initiator: "network" }));
  }
}

describe("an application", () => {
  test("that returns before its socket is closed is no news", () => {
    const { record, clock, books, logger } = new Fixture();
    record.returned();
    record.released();
    clock.advance(60_000);
    expect(books.sessions.size).toBe(0);
    expect(clock.pending).toBe(0);
    expect(logger.lines).toEqual([]);
  });

  test("that returns within closeTimeout of that is none either", () => {
    const { record, clock, books, logger } = new Fixture();
    record.released();
    clock.advance(4_999);
    record.returned();
    clock.advance(60_000);
    expect(books.sessions.size).toBe(0);
    expect(logger.lines).toEqual([]);
  });

  test("that still runs then is warned of once, with its id", () => {
    const { record, clock, books, logger } = new Fixture();
    record.released();
    clock.advance(60_000);
    expect(books.sessions.size).toBe(1);
    const message = "the application still runs though its connection is over";
    expect(logger.lines).toEqual([{ level: "warn", message, fields: { id: "1" } }]);
  });
});
