import { ConnectionClosed, InvalidMessage, ProtocolError } from "@ws/events";
import { Driver, webSocketScope } from "@ws/testing/driver";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { Connection } from "./connection.js";
import {
  acceptedConnection,
  bytes,
  connected,
  disconnected,
  fakeConnection,
  json,
  rejection,
  text,
} from "./events.fixture.js";

const point = z.object({ x: z.number() });
const waits = ["receiveText", "receiveBytes", "receiveJson", "receiveJsonb"] as const;

/** A wait of that name, for a message that never comes. */
function waitFor(socket: Connection, wait: (typeof waits)[number], signal: AbortSignal): Promise<unknown> {
  if (wait === "receiveText" || wait === "receiveBytes") return socket[wait]({ signal });
  return socket[wait](undefined, { signal });
}

describe("a message", () => {
  test("is received as text or bytes, empty ones too, in order", async () => {
    const { socket } = await acceptedConnection(text("a"), text(""), bytes(1, 2), bytes());
    expect(await socket.receiveText()).toBe("a");
    expect(await socket.receiveText()).toBe("");
    expect(await socket.receiveBytes()).toEqual(Uint8Array.of(1, 2));
    expect(await socket.receiveBytes()).toEqual(new Uint8Array());
  });

  test("is received as JSON, from a text or from bytes", async () => {
    const { socket } = await acceptedConnection(json({ x: 1 }), bytes(...Buffer.from('{"x":"ü"}')));
    expect(await socket.receiveJson()).toEqual({ x: 1 });
    expect(await socket.receiveJsonb()).toEqual({ x: "ü" });
  });

  test("is received as the schema's output, and typed so; unknown without one", async () => {
    const doubled = point.transform(({ x }) => x * 2);
    const { socket } = await acceptedConnection(json({ x: 2 }), bytes(...Buffer.from('{"x":3}')), json(1));
    const first = await socket.receiveJson(doubled);
    const second = await socket.receiveJsonb(point);
    const third = await socket.receiveJson();
    expect([first, second, third]).toEqual([4, { x: 3 }, 1]);
    expectTypeOf(first).toEqualTypeOf<number>();
    expectTypeOf(second).toEqualTypeOf<{ x: number }>();
    expectTypeOf(third).toBeUnknown();
  });

  test("is received raw as an event", async () => {
    const { socket } = await acceptedConnection(text("a"), disconnected());
    expect(await socket.receive()).toEqual(text("a"));
    expect(await socket.receive()).toEqual(disconnected());
    expect(await socket.receive()).toEqual(disconnected());
  });

  test("that two wait for at once goes to the first who asked", async () => {
    const { socket, driver } = await acceptedConnection();
    const waiting = [socket.receiveText(), socket.receiveText(), socket.receiveText()];
    driver.push(text("a"), text("b"), text("c"));
    expect(await Promise.all(waiting)).toEqual(["a", "b", "c"]);
  });
});

describe("a message that is not what was asked for", () => {
  test.each([
    ["bytes for a text", "ERR_WS_MESSAGE_TYPE", bytes(1), (s: Connection) => s.receiveText()],
    ["a text for bytes", "ERR_WS_MESSAGE_TYPE", text("a"), (s: Connection) => s.receiveBytes()],
    ["bytes for JSON in a text", "ERR_WS_MESSAGE_TYPE", bytes(0x31), (s: Connection) => s.receiveJson()],
    ["a text for JSON in bytes", "ERR_WS_MESSAGE_TYPE", text("1"), (s: Connection) => s.receiveJsonb()],
    ["bad JSON", "ERR_WS_MESSAGE_JSON", text("{"), (s: Connection) => s.receiveJson()],
    ["bad JSON in bytes", "ERR_WS_MESSAGE_JSON", bytes(0x7b), (s: Connection) => s.receiveJsonb()],
    ["bad UTF-8", "ERR_WS_MESSAGE_JSON", bytes(0x22, 0xff, 0x22), (s: Connection) => s.receiveJsonb()],
    [
      "a byte order mark",
      "ERR_WS_MESSAGE_JSON",
      bytes(0xef, 0xbb, 0xbf, 0x31),
      (s: Connection) => s.receiveJsonb(),
    ],
    [
      "too deep",
      "ERR_WS_MESSAGE_JSON",
      text("[[]]"),
      (s: Connection) => s.receiveJson(undefined, { maxDepth: 1 }),
    ],
    [
      "too long",
      "ERR_WS_MESSAGE_JSON",
      bytes(0x31, 0x31),
      (s: Connection) => s.receiveJsonb(point, { maxLength: 1 }),
    ],
    [
      "against the schema",
      "ERR_WS_MESSAGE_SCHEMA",
      json({ x: "1" }),
      (s: Connection) => s.receiveJson(point),
    ],
    ["against it in bytes", "ERR_WS_MESSAGE_SCHEMA", bytes(0x31), (s: Connection) => s.receiveJsonb(point)],
  ])(
    "%s: an InvalidMessage (%s), after which the next message is received",
    async (_, code, message, receive) => {
      const { socket } = await acceptedConnection(message, text("next"));
      const error = await rejection(receive(socket));
      expect(error).toBeInstanceOf(InvalidMessage);
      expect(error).toMatchObject({ code });
      expect(await socket.receiveText()).toBe("next");
      expect(socket.signal.aborted).toBe(false);
    },
  );
});

describe("before accept", () => {
  test.each(waits)("%s is a ProtocolError that says what to await, and takes nothing", async (wait) => {
    const { socket, driver } = fakeConnection();
    const error = await rejection(socket[wait]());
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({
      code: "ERR_WS_EVENT_ORDER",
      message: expect.stringContaining("await accept()"),
    });
    expect(driver.asked).toBe(0);
  });

  test("but to a client that has gone it is a ConnectionClosed", async () => {
    const { socket } = fakeConnection([disconnected(1006)]);
    await socket.receive();
    await socket.receive();
    expect(await rejection(socket.receiveText())).toBe(socket.signal.reason);
  });

  test("a message is not taken for the connect where a raw receive is under way", async () => {
    const driver = new Driver();
    const socket = new Connection(webSocketScope(), driver.receive, driver.send);
    await socket.send({ type: "websocket.accept" });
    const raw = socket.receive();
    const message = socket.receiveText();
    driver.push(connected, text("a"));
    expect(await raw).toEqual(connected);
    expect(await message).toBe("a");
  });

  test("a connection that was accepted by a raw event reads past the connect", async () => {
    const driver = new Driver(connected, text("a"));
    const socket = new Connection(webSocketScope(), driver.receive, driver.send);
    await socket.send({ type: "websocket.accept" });
    await socket.sendText("hello");
    expect(await socket.receiveText()).toBe("a");
    expect(driver.sent.map(({ type }) => type)).toEqual(["websocket.accept", "websocket.send"]);
  });
});

describe("when the client has left", () => {
  test.each(waits)(
    "%s is a ConnectionClosed, again and again the same, and the signal's reason",
    async (wait) => {
      const { socket } = await acceptedConnection(disconnected(4000, "bye"));
      const { signal } = socket;
      const error = await rejection(socket[wait]());
      expect(error).toBeInstanceOf(ConnectionClosed);
      expect(await rejection(socket[wait]())).toBe(error);
      expect(signal.reason).toBe(error);
      const info = { code: 4000, reason: "bye", wasClean: true, initiator: "client" };
      expect(error).toMatchObject(info);
      expect(await socket.closed).toEqual(info);
    },
  );

  test("what it sent before is received first", async () => {
    const { socket } = await acceptedConnection(text("last"), disconnected());
    expect(await socket.receiveText()).toBe("last");
    expect(await rejection(socket.receiveText())).toBeInstanceOf(ConnectionClosed);
  });
});

describe("giving up", () => {
  test.each(waits)("%s takes a signal: it rejects with its reason, and loses nothing", async (wait) => {
    const { socket, driver } = await acceptedConnection();
    const controller = new AbortController();
    const waiting = waitFor(socket, wait, controller.signal);
    controller.abort("enough");
    expect(await rejection(waiting)).toBe("enough");
    driver.push(text("a"));
    expect(await socket.receiveText()).toBe("a");
  });

  test("so does receive, and then no state has moved", async () => {
    const driver = new Driver();
    const socket = new Connection(webSocketScope(), driver.receive, driver.send);
    const controller = new AbortController();
    const waiting = socket.receive({ signal: controller.signal });
    controller.abort("enough");
    expect(await rejection(waiting)).toBe("enough");
    driver.push(connected);
    await Promise.resolve();
    expect(socket.clientState).toBe("connecting");
    await socket.accept();
    expect(socket.clientState).toBe("connected");
  });
});
