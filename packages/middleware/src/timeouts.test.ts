import type { Application, ReceiveEvent } from "@ws/events";
import { connect } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { echo } from "./echo.fixture.js";
import { connect as connectEvent, disconnect, webSocketScope } from "./events.fixture.js";
import { type TimeoutsOptions, timeouts } from "./timeouts.js";

const message: ReceiveEvent = { type: "websocket.receive", text: "hi" };

describe("by their clock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Runs a script against events alone and gives what was sent after accept. */
  async function run(
    options: TimeoutsOptions,
    script: (receive: () => Promise<ReceiveEvent>) => Promise<void>,
    server = new Driver(...Array.from({ length: 5 }, () => message)),
  ): Promise<unknown[]> {
    const application = timeouts(options)(async (_scope, receive, send) => {
      await send({ type: "websocket.accept" });
      await script(receive);
    });
    await application(webSocketScope(), server.receive, server.send);
    expect(vi.getTimerCount()).toBe(0);
    return server.sent.slice(1);
  }

  test("idle closes with 1001 when no message was received for so long", async () => {
    const sent = await run({ idle: 100 }, async () => {
      vi.advanceTimersByTime(99);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(1);
    });
    expect(sent).toEqual([{ type: "websocket.close", code: 1001, reason: "idle timeout" }]);
  });

  test("every message begins the idle time anew", async () => {
    const sent = await run({ idle: 100 }, async (receive) => {
      for (let count = 0; count < 5; count += 1) {
        vi.advanceTimersByTime(99);
        await receive();
      }
    });
    expect(sent).toEqual([]);
  });

  test("maxAge closes with 1001 so long after accept, messages or not", async () => {
    const sent = await run({ idle: 100, maxAge: 300 }, async (receive) => {
      for (let count = 0; count < 5; count += 1) {
        vi.advanceTimersByTime(70);
        await receive();
      }
    });
    expect(sent).toEqual([{ type: "websocket.close", code: 1001, reason: "maximum age" }]);
  });

  test("firstMessage closes with 1008 when so long after accept no message was received", async () => {
    const sent = await run({ firstMessage: 100, idle: 200 }, async () => {
      vi.advanceTimersByTime(100);
      expect(vi.getTimerCount()).toBe(0);
    });
    expect(sent).toEqual([{ type: "websocket.close", code: 1008, reason: "first message timeout" }]);
  });

  test("firstMessage is over with the first message", async () => {
    const sent = await run({ firstMessage: 100 }, async (receive) => {
      await receive();
      expect(vi.getTimerCount()).toBe(0);
    });
    expect(sent).toEqual([]);
  });

  test("the first of the two closes, and the other is over with it, whatever still comes", async () => {
    const sent = await run({ idle: 100, maxAge: 100 }, async (receive) => {
      vi.advanceTimersByTime(100);
      expect(vi.getTimerCount()).toBe(0);
      await receive();
      expect(vi.getTimerCount()).toBe(0);
    });
    expect(sent).toEqual([{ type: "websocket.close", code: 1001, reason: "idle timeout" }]);
  });

  test("neither runs before accept", async () => {
    const server = new Driver(connectEvent);
    const application = timeouts({ idle: 1, maxAge: 1 })(async (_scope, receive) => {
      await receive();
      expect(vi.getTimerCount()).toBe(0);
    });
    await application(webSocketScope(), server.receive, server.send);
  });

  test("both are cleared by the disconnect, though the application goes on", async () => {
    const script = async (receive: () => Promise<ReceiveEvent>): Promise<void> => {
      expect(vi.getTimerCount()).toBe(2);
      await receive();
      expect(vi.getTimerCount()).toBe(0);
    };
    await run({ idle: 1, maxAge: 1 }, script, new Driver(disconnect));
  });

  test("both are cleared when the application throws", async () => {
    await expect(run({ idle: 1, maxAge: 1 }, () => Promise.reject(new Error("mine")))).rejects.toThrow(
      "mine",
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  test("an accept that comes true after the application's end starts none", async () => {
    let accepted = Promise.resolve();
    const application = timeouts({ idle: 1, maxAge: 1 })(async (_scope, _receive, send) => {
      accepted = send({ type: "websocket.accept" });
    });
    let complete = (): void => {};
    const taken = new Promise<void>((resolve) => {
      complete = resolve;
    });
    await application(webSocketScope(), new Driver().receive, () => taken);
    complete();
    await accepted;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("without a time there is no timer", async () => {
    await run({}, async () => {
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});

test.each([
  ["idle timeout", { idle: 20 }],
  ["maximum age", { maxAge: 20 }],
])(
  "a client is closed with 1001 and %j, and the application that waits receives the disconnect",
  async (reason, options) => {
    const events: ReceiveEvent[] = [];
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") return await echo(scope, receive, send);
      await receive();
      await send({ type: "websocket.accept" });
      events.push(await receive());
      end();
    };
    await using session = await connect(timeouts(options)(application), "/ws/");
    expect(await session.closed).toEqual({ code: 1001, reason, wasClean: true });
    await ended;
    expect(events).toEqual([{ type: "websocket.disconnect", code: 1001, reason }]);
  },
);

test("a connection that is used is left alone", async () => {
  await using session = await connect(timeouts({ idle: 5_000, maxAge: 5_000 })(echo), "/ws/");
  await session.sendText("hi");
  expect(await session.receiveText()).toBe("hi");
  expect(await session.close(1000)).toMatchObject({ code: 1000 });
});

test("a time that is not above 0, or longer than a timer can hold, is a mistake, told at once", () => {
  expect(() => timeouts({ idle: 0 })).toThrow(
    "timeouts.idle: expected a number above 0 and at most 2147483647, got 0",
  );
  expect(() => timeouts({ maxAge: 2 ** 31 })).toThrow("timeouts.maxAge");
  expect(() => timeouts({ firstMessage: -1 })).toThrow("timeouts.firstMessage");
});
