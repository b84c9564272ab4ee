import { type CloseInitiator, ConnectionClosed, type ReceiveEvent } from "@ws/events";
import { Driver } from "@ws/testing/driver";
import { describe, expect, test } from "vitest";
import { connect, disconnect, webSocketScope } from "../events.fixture.js";
import { TrafficMeter } from "./traffic-meter.js";

function meter(events: readonly ReceiveEvent[] = [connect], initiator?: CloseInitiator): TrafficMeter {
  const controller = new AbortController();
  if (initiator !== undefined) {
    controller.abort(new ConnectionClosed({ code: 1012, reason: "told", wasClean: true, initiator }));
  }
  const extensions = { "websocket.disconnect": { signal: controller.signal } };
  const server = new Driver(...events);
  return new TrafficMeter(webSocketScope({ extensions }), server.receive, server.send, () => {});
}

test("messages and their bytes are counted each way", async () => {
  const counted = meter([connect, { type: "websocket.receive", text: "é" }, disconnect]);
  for (let count = 0; count < 3; count += 1) await counted.receive();
  await counted.send({ type: "websocket.accept" });
  await counted.send({ type: "websocket.send", bytes: new Uint8Array(3) });
  await counted.send({ type: "websocket.send", text: "" });
  expect(counted).toMatchObject({ messagesReceived: 1, bytesReceived: 2, messagesSent: 2, bytesSent: 3 });
});

test("a message that was not taken is not counted", async () => {
  const refusing = new TrafficMeter(
    webSocketScope(),
    new Driver().receive,
    () => Promise.reject(new Error("no")),
    () => {},
  );
  await expect(refusing.send({ type: "websocket.send", text: "hi" })).rejects.toThrow("no");
  expect(refusing.messagesSent).toBe(0);
});

describe("the end of a connection is", () => {
  test("what the server tells of it", async () => {
    const told = meter([disconnect], "server");
    await told.receive();
    expect(told.end(false)).toMatchObject({ code: 1012, reason: "told" });
  });

  test("else the disconnect, which a later close does not change", async () => {
    const left = meter([{ type: "websocket.disconnect", code: 3001, reason: "bye" }]);
    await left.send({ type: "websocket.accept" });
    await left.receive();
    await left.send({ type: "websocket.close", code: 3002 });
    expect(left.end(false)).toEqual({ code: 3001, reason: "bye" });
  });

  test("else the application's close, which a later disconnect does not change", async () => {
    const closed = meter([disconnect]);
    await closed.send({ type: "websocket.accept" });
    await closed.send({ type: "websocket.close", code: 3002, reason: "enough" });
    await closed.receive();
    expect(closed.end(true)).toEqual({ code: 3002, reason: "enough" });
    const plain = meter();
    await plain.send({ type: "websocket.close" });
    expect(plain.end(false)).toEqual({ code: 1000, reason: "" });
  });

  test("else what the server makes of an application that returned or threw", () => {
    expect(meter().end(false)).toEqual({ code: 1000, reason: "" });
    expect(meter().end(true)).toEqual({ code: 1011, reason: "" });
  });
});

describe("the status of a refusal is", () => {
  test("that of the denial, which a later close does not change", async () => {
    const denied = meter();
    await denied.send({ type: "websocket.http.response.start", status: 401 });
    await denied.send({ type: "websocket.http.response.body" });
    await denied.send({ type: "websocket.close" });
    expect(denied.status(false)).toBe(401);
    expect(meter([], "application").status(false)).toBe(403);
  });

  test("403 where the application closed or returned, 500 where it threw", async () => {
    const closed = meter();
    await closed.send({ type: "websocket.close" });
    expect(closed.status(true)).toBe(403);
    expect(meter().status(false)).toBe(403);
    expect(meter().status(true)).toBe(500);
  });

  test("503 where the server ended it", () => {
    expect(meter([], "server").status(true)).toBe(503);
  });

  test("499 where the client left before the answer", async () => {
    expect(meter([], "client").status(false)).toBe(499);
    expect(meter([], "network").status(true)).toBe(499);
    const left = new TrafficMeter(
      webSocketScope(),
      new Driver(disconnect).receive,
      async () => {},
      () => {},
    );
    await left.receive();
    await left.send({ type: "websocket.close" });
    expect(left.status(false)).toBe(499);
  });
});
