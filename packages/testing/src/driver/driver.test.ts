import { type Application, ConnectionClosed, type ReceiveEvent, sentAtOnce } from "@ws/events";
import { expect, test } from "vitest";
import { Driver, httpScope, lifespanScope, WaitTimeout, webSocketScope } from "../driver.js";

const connect: ReceiveEvent = { type: "websocket.connect" };
const disconnect: ReceiveEvent = { type: "websocket.disconnect", code: 1001, reason: "away" };
const text = (value: string): ReceiveEvent => ({ type: "websocket.receive", text: value });

const shout: Application = async (_scope, receive, send) => {
  await receive();
  await send({ type: "websocket.accept" });
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    await send({ type: "websocket.send", text: String(event.text).toUpperCase() });
  }
};

test("an application receives what is pushed, before it asks and after, and next gives what it sends in turn", async () => {
  const driver = new Driver(connect, text("a"));
  const running = driver.run(shout, webSocketScope());
  expect(await driver.next()).toEqual({ type: "websocket.accept" });
  expect(await driver.next()).toEqual({ type: "websocket.send", text: "A" });
  driver.push(text("b"), disconnect);
  expect(await driver.next()).toEqual({ type: "websocket.send", text: "B" });
  await running;
  expect([driver.asked, driver.sent.length]).toEqual([4, 3]);
});

test("whoever asks after the disconnect, or waits for it, is given the disconnect again and again", async () => {
  const driver = new Driver();
  const waiting = [driver.receive(), driver.receive()];
  driver.push(disconnect);
  expect(await Promise.all([...waiting, driver.receive(), driver.receive()])).toEqual(
    Array.from({ length: 4 }, () => disconnect),
  );
});

test.each([
  [1001, { wasClean: true, initiator: "client" }],
  [1006, { wasClean: false, initiator: "network" }],
])("a disconnect with %i aborts the signal", (code, fields) => {
  const driver = new Driver(connect);
  expect(driver.signal.aborted).toBe(false);
  driver.push({ type: "websocket.disconnect", code, reason: "" });
  expect(driver.signal.reason).toBeInstanceOf(ConnectionClosed);
  expect(driver.signal.reason).toMatchObject({ code, ...fields });
});

test("an event is taken at once, as by a server that keeps up, unless the test takes its time", async () => {
  const driver = new Driver();
  expect(driver.send({ type: "websocket.accept" })).toBe(sentAtOnce);
  let take!: () => void;
  driver.onSend = () =>
    new Promise((resolve) => {
      take = resolve;
    });
  const sending = driver.send({ type: "websocket.close" });
  expect(driver.sent).toEqual([{ type: "websocket.accept" }]);
  take();
  await sending;
  expect(driver.sent).toHaveLength(2);
});

test("an event that is refused is not sent, and its send rejects", async () => {
  const driver = new Driver();
  driver.onSend = () => Promise.reject(new RangeError("no"));
  await expect(driver.send({ type: "websocket.accept" })).rejects.toThrow(RangeError);
  expect(driver.sent).toEqual([]);
});

test("next throws what the application threw, once there is no event left", async () => {
  const driver = new Driver();
  const failing: Application = async (_scope, _receive, send) => {
    await send({ type: "websocket.accept" });
    throw new Error("theirs");
  };
  await expect(driver.run(failing, webSocketScope())).rejects.toThrow("theirs");
  expect(await driver.next()).toEqual({ type: "websocket.accept" });
  await expect(driver.next()).rejects.toThrow("theirs");
});

test("next says that the application has returned, also to all who wait", async () => {
  const driver = new Driver();
  const waiting = Promise.allSettled([driver.next(), driver.next()]);
  await driver.run(async () => {}, lifespanScope());
  const returned = new Error("expected another event, but the application has returned");
  expect(await waiting).toEqual([
    { status: "rejected", reason: returned },
    { status: "rejected", reason: returned },
  ]);
});

test("next waits no longer than it is told to", async () => {
  await expect(new Driver().next(1)).rejects.toThrow(WaitTimeout);
});

test("a scope is that of a plain request, but for what the test says, and each has a state of its own", () => {
  const scope = webSocketScope({ path: "/chat/", subprotocols: ["v1"] });
  expect(scope).toMatchObject({ type: "websocket", path: "/chat/", rawPath: "/chat/", subprotocols: ["v1"] });
  expect(webSocketScope()).toMatchObject({ path: "/", rawPath: "/", scheme: "ws" });
  expect(httpScope({ path: "/\u00e9", rawPath: "/%C3%A9" })).toMatchObject({
    type: "http",
    method: "GET",
    path: "/\u00e9",
    rawPath: "/%C3%A9",
  });
  expect(lifespanScope()).toEqual({
    type: "lifespan",
    asgi: { version: "3.0", specVersion: "2.0" },
    state: {},
  });
  expect(httpScope().state).not.toBe(httpScope().state);
});
