import { Connection } from "@ws/connection";
import { offerInbox, type ReceiveEvent, type WebSocketReceiveEvent, type WebSocketScope } from "@ws/events";
import { connect } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { echo } from "./echo.fixture.js";
import { disconnect, webSocketScope } from "./events.fixture.js";
import { type RateLimitOptions, rateLimit } from "./rate-limit.js";

const text = (value: string): WebSocketReceiveEvent => ({ type: "websocket.receive", text: value });
const close = { type: "websocket.close", code: 1008, reason: "rate limit" };

/** What the application receives of these, up to the first disconnect; `undefined` waits for a second. */
async function received(
  options: RateLimitOptions,
  events: readonly (WebSocketReceiveEvent | undefined)[],
): Promise<{ types: string[]; server: Driver }> {
  const messages = events.filter((event) => event !== undefined);
  const server = new Driver(...messages, disconnect);
  const types: string[] = [];
  const application = rateLimit(options)(async (_scope, receive) => {
    for (const event of [...events, disconnect]) {
      if (event === undefined) {
        vi.advanceTimersByTime(1_000);
        continue;
      }
      const { type } = await receive();
      types.push(type.slice("websocket.".length));
      if (type === "websocket.disconnect") return;
    }
  });
  await application(webSocketScope(), server.receive, server.send);
  return { types, server };
}

describe("by its clock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("as many messages as are allowed are received", async () => {
    const { types, server } = await received({ messages: 2 }, [text(""), text(""), undefined, text("")]);
    expect(types).toEqual(["receive", "receive", "receive", "disconnect"]);
    expect(server.sent).toEqual([]);
  });

  test("one more closes with 1008, and the disconnect is received next: nothing that came after", async () => {
    const { types, server } = await received({ messages: 2 }, [
      text("1"),
      text("2"),
      text("3"),
      text("4"),
      text("5"),
    ]);
    expect(types).toEqual(["receive", "receive", "disconnect"]);
    expect(server.sent).toEqual([close]);
  });

  test("bytes are counted as UTF-8", async () => {
    const bytes: WebSocketReceiveEvent = { type: "websocket.receive", bytes: new Uint8Array(3) };
    expect((await received({ bytes: 5 }, [text("é"), bytes])).types).toEqual([
      "receive",
      "receive",
      "disconnect",
    ]);
    expect((await received({ bytes: 4 }, [text("é"), bytes])).types).toEqual(["receive", "disconnect"]);
  });

  test("a message above the limit of bytes is a breach in itself", async () => {
    expect((await received({ bytes: 4, messages: 9 }, [undefined, text("12345")])).types).toEqual([
      "disconnect",
    ]);
  });

  test("per is the time that the limits are for", async () => {
    const events = [text(""), undefined, text("")];
    expect((await received({ messages: 1, per: 1_000 }, events)).types).toEqual([
      "receive",
      "receive",
      "disconnect",
    ]);
    expect((await received({ messages: 1, per: 1_001 }, events)).types).toEqual(["receive", "disconnect"]);
  });

  test("burst is how many times as much may come at once", async () => {
    const { types } = await received({ messages: 1, burst: 3 }, [text(""), text(""), text(""), text("")]);
    expect(types).toEqual(["receive", "receive", "receive", "disconnect"]);
  });

  test("each connection has limits of its own", async () => {
    const middleware = rateLimit({ messages: 1 });
    for (let connection = 0; connection < 3; connection += 1) {
      const server = new Driver(text(""), disconnect);
      const seen: ReceiveEvent[] = [];
      const application = middleware(async (_scope, receive) => void seen.push(await receive()));
      await application(webSocketScope(), server.receive, server.send);
      expect(seen).toEqual([text("")]);
    }
  });
});

test("of several receives at once, none is given a message after the breach", async () => {
  const server = new Driver(text("1"), text("2"), text("3"), text("4"), disconnect);
  let events: ReceiveEvent[] = [];
  const application = rateLimit({ messages: 1, per: 60_000 })(async (_scope, receive) => {
    events = await Promise.all([receive(), receive(), receive()]);
  });
  await application(webSocketScope(), server.receive, server.send);
  expect(events).toEqual([text("1"), disconnect, disconnect]);
  expect(server.sent).toEqual([close]);
});

test("a client that floods is closed with 1008", async () => {
  await using session = await connect(rateLimit({ messages: 5, per: 60_000 })(echo), "/ws/");
  await Promise.all(Array.from({ length: 10 }, (_, count) => session.sendText(String(count))));
  expect(await session.closed).toEqual({ code: 1008, reason: "rate limit", wasClean: true });
  for (let count = 0; count < 5; count += 1) expect(await session.receiveText()).toBe(String(count));
  await expect(session.receiveText()).rejects.toThrow("closed");
});

test("no limit at all, or one that is not above 0, is a mistake, told at once", () => {
  expect(() => rateLimit({})).toThrow("rateLimit: expected messages, bytes or both, got neither");
  expect(() => rateLimit({ messages: 0 })).toThrow("rateLimit.messages: expected a number above 0, got 0");
  expect(() => rateLimit({ bytes: -1 })).toThrow("rateLimit.bytes");
  expect(() => rateLimit({ messages: 1, per: 0 })).toThrow("rateLimit.per");
  expect(() => rateLimit({ messages: 1, burst: Number.NaN })).toThrow("rateLimit.burst");
});

test("a client that speaks jsonrpc.topics.v1 is closed with 4429, and told when to come back", async () => {
  const limited = rateLimit({ messages: 1, per: 1_500 })(async (scope, receive, send) => {
    if (scope.type !== "websocket") throw new Error("only websockets");
    await receive();
    await send({ type: "websocket.accept", subprotocol: "jsonrpc.topics.v1" });
    while ((await receive()).type !== "websocket.disconnect");
  });
  await using session = await connect(limited as never, "/ws/", { subprotocols: ["jsonrpc.topics.v1"] });
  await session.sendText("one");
  await session.sendText("two");
  expect(await session.closed).toEqual({ code: 4429, reason: "rate limit; retry-after=2", wasClean: true });
});

test("a loop is limited too, though the server would give it the messages without a promise", async () => {
  const server = new Driver({ type: "websocket.connect" }, text("a"), text("b"), text("c"), disconnect);
  const take = vi.fn(() => text("past the limit"));
  offerInbox({ receive: server.receive, take, wait: () => {} });
  const seen: unknown[] = [];
  const application = rateLimit({ messages: 2, per: 60_000 })(async (scope, receive, send) => {
    const socket = new Connection(scope as WebSocketScope, receive, send);
    await socket.accept();
    for await (const message of socket) seen.push(message);
  });
  await application(webSocketScope(), server.receive, server.send);
  expect(seen).toEqual(["a", "b"]);
  expect(take).not.toHaveBeenCalled();
  expect(server.sent).toContainEqual(close);
});
