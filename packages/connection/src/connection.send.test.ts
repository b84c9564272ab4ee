import { ConnectionClosed, prepare } from "@ws/events";
import { describe, expect, test } from "vitest";
import { acceptedConnection, disconnected, fakeConnection, rejection } from "./events.fixture.js";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a message", () => {
  test("is sent as text or bytes, as they are", async () => {
    const { socket, driver } = await acceptedConnection();
    const bytes = Uint8Array.of(1, 2);
    await socket.sendText("");
    await socket.sendBytes(bytes);
    expect(driver.sent.slice(1)).toEqual([
      { type: "websocket.send", text: "" },
      { type: "websocket.send", bytes },
    ]);
  });

  test("is sent as compact JSON, in a text or in bytes", async () => {
    const { socket, driver } = await acceptedConnection();
    await socket.sendJson({ a: [1, "ü"] });
    await socket.sendJsonb({ a: [1, "ü"] });
    expect(driver.sent.slice(1)).toEqual([
      { type: "websocket.send", text: '{"a":[1,"ü"]}' },
      { type: "websocket.send", bytes: new TextEncoder().encode('{"a":[1,"ü"]}') },
    ]);
  });

  test("is sent as a prepared event, the very same", async () => {
    const { socket, driver } = await acceptedConnection();
    const event = prepare({ type: "websocket.send", text: "a" });
    await socket.send(event);
    expect(driver.sent[1]).toBe(event);
  });

  test("that JSON cannot hold is a TypeError, by rejection; nothing is sent", async () => {
    const { socket, driver } = await acceptedConnection();
    for (const value of [undefined, Number.NaN, 1n]) {
      expect(await rejection(socket.sendJson(value))).toBeInstanceOf(TypeError);
      expect(await rejection(socket.sendJsonb(value))).toBeInstanceOf(TypeError);
    }
    expect(driver.sent).toHaveLength(1);
  });

  test("goes straight through: the server's promise is the caller's", async () => {
    const { socket, driver } = await acceptedConnection();
    let letGo = (): void => {};
    const taking = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    driver.onSend = () => taking;
    let isTaken = false;
    const sending = socket.sendText("a").then(() => {
      isTaken = true;
    });
    await nextTurn();
    expect(isTaken).toBe(false);
    letGo();
    await sending;
    expect(isTaken).toBe(true);
  });

  test("sent at the same time as others keeps the order of the calls", async () => {
    const { socket, driver } = await acceptedConnection();
    await Promise.all([socket.sendText("1"), socket.sendJson(2), socket.sendBytes(Uint8Array.of(3))]);
    expect(driver.sent.slice(1)).toMatchObject([{ text: "1" }, { text: "2" }, { bytes: Uint8Array.of(3) }]);
  });
});

describe("a message that cannot be sent", () => {
  test("before accept is a ProtocolError that says what to await", async () => {
    const { socket, driver } = fakeConnection();
    expect(await rejection(socket.sendJson(1))).toMatchObject({
      code: "ERR_WS_EVENT_ORDER",
      message: expect.stringContaining("await accept() first"),
    });
    expect(driver.sent).toEqual([]);
  });

  test("after our own close is a ConnectionClosed, the signal's reason; nothing is sent", async () => {
    const { socket, driver } = await acceptedConnection();
    await socket.close(4000, "bye");
    const error = await rejection(socket.sendText("a"));
    expect(error).toBeInstanceOf(ConnectionClosed);
    expect(error).toMatchObject({ code: 4000, reason: "bye", wasClean: true, initiator: "application" });
    expect(await rejection(socket.sendJson(1))).toBe(error);
    expect(socket.signal.reason).toBe(error);
    expect(driver.sent).toHaveLength(2);
  });

  test("after the client left is a ConnectionClosed, the one that receive gave; nothing is sent", async () => {
    const { socket, driver } = await acceptedConnection(disconnected(1006));
    const error = await rejection(socket.receiveText());
    expect(await rejection(socket.sendText("a"))).toBe(error);
    expect(await rejection(socket.sendBytes(new Uint8Array()))).toBe(error);
    expect(await rejection(socket.sendJsonb(1))).toBe(error);
    expect(driver.sent).toHaveLength(1);
  });

  test("need not be awaited: an end of the connection is no unhandled rejection", async () => {
    // Were one of these unhandled, the run would fail.
    const { socket } = await acceptedConnection();
    await socket.close();
    void socket.sendText("a");
    void socket.sendBytes(new Uint8Array());
    void socket.sendJson(1);
    void socket.sendJsonb(1);
    await nextTurn();
    expect(socket.applicationState).toBe("disconnected");
  });
});
