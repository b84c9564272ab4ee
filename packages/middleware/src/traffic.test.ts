import { type CloseInitiator, ConnectionClosed, type ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { connect, disconnect, FakeServer, webSocketScope } from "./fake.fixture.js";
import { Traffic } from "./traffic.js";

function traffic(events: readonly ReceiveEvent[] = [connect], initiator?: CloseInitiator): Traffic {
  const controller = new AbortController();
  if (initiator !== undefined) {
    controller.abort(new ConnectionClosed({ code: 1012, reason: "told", wasClean: true, initiator }));
  }
  const extensions = { "websocket.disconnect": { signal: controller.signal } };
  const server = new FakeServer(...events);
  return new Traffic(webSocketScope({ extensions }), server.receive, server.send, () => {});
}

test("messages and their bytes are counted each way", async () => {
  const counted = traffic([connect, { type: "websocket.receive", text: "é" }, disconnect]);
  for (let count = 0; count < 3; count += 1) await counted.receive();
  await counted.send({ type: "websocket.accept" });
  await counted.send({ type: "websocket.send", bytes: new Uint8Array(3) });
  await counted.send({ type: "websocket.send", text: "" });
  expect(counted).toMatchObject({ messagesReceived: 1, bytesReceived: 2, messagesSent: 2, bytesSent: 3 });
});

test("a message that was not taken is not counted", async () => {
  const refusing = new Traffic(
    webSocketScope(),
    new FakeServer().receive,
    () => Promise.reject(new Error("no")),
    () => {},
  );
  await expect(refusing.send({ type: "websocket.send", text: "hi" })).rejects.toThrow("no");
  expect(refusing.messagesSent).toBe(0);
});

describe("the end of a connection is", () => {
  test("what the server tells of it", async () => {
    const told = traffic([disconnect], "server");
    await told.receive();
    expect(told.end(false)).toMatchObject({ code: 1012, reason: "told" });
  });

  test("else the disconnect, which a later close does not change", async () => {
    const left = traffic([{ type: "websocket.disconnect", code: 3001, reason: "bye" }]);
    await left.send({ type: "websocket.accept" });
    await left.receive();
    await left.send({ type: "websocket.close", code: 3002 });
    expect(left.end(false)).toEqual({ code: 3001, reason: "bye" });
  });

  test("else the application's close, which a later disconnect does not change", async () => {
    const closed = traffic([disconnect]);
    await closed.send({ type: "websocket.accept" });
    await closed.send({ type: "websocket.close", code: 3002, reason: "enough" });
    await closed.receive();
    expect(closed.end(true)).toEqual({ code: 3002, reason: "enough" });
    const plain = traffic();
    await plain.send({ type: "websocket.close" });
    expect(plain.end(false)).toEqual({ code: 1000, reason: "" });
  });

  test("else what the server makes of an application that returned or threw", () => {
    expect(traffic().end(false)).toEqual({ code: 1000, reason: "" });
    expect(traffic().end(true)).toEqual({ code: 1011, reason: "" });
  });
});

describe("the status of a refusal is", () => {
  test("that of the denial, which a later close does not change", async () => {
    const denied = traffic();
    await denied.send({ type: "websocket.http.response.start", status: 401 });
    await denied.send({ type: "websocket.http.response.body" });
    await denied.send({ type: "websocket.close" });
    expect(denied.status(false)).toBe(401);
    expect(traffic([], "application").status(false)).toBe(403);
  });

  test("403 where the application closed or returned, 500 where it threw", async () => {
    const closed = traffic();
    await closed.send({ type: "websocket.close" });
    expect(closed.status(true)).toBe(403);
    expect(traffic().status(false)).toBe(403);
    expect(traffic().status(true)).toBe(500);
  });

  test("503 where the server ended it", () => {
    expect(traffic([], "server").status(true)).toBe(503);
  });

  test("499 where the client left before the answer", async () => {
    expect(traffic([], "client").status(false)).toBe(499);
    expect(traffic([], "network").status(true)).toBe(499);
    const left = new Traffic(
      webSocketScope(),
      new FakeServer(disconnect).receive,
      async () => {},
      () => {},
    );
    await left.receive();
    await left.send({ type: "websocket.close" });
    expect(left.status(false)).toBe(499);
  });
});
