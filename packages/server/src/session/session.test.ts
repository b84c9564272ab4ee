import { ConnectionClosed, ProtocolError, type SendEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { endings } from "./endings.js";
import { gone, SessionFixture } from "./session.fixture.js";

const accept: SendEvent = { type: "websocket.accept" };
const hello: SendEvent = { type: "websocket.send", text: "hello" };
const close: SendEvent = { type: "websocket.close" };

describe("before accept", () => {
  test("accept hands subprotocol and headers to the transport and opens", async () => {
    const { session, transport, told } = new SessionFixture({}, ["a", "b"]);
    await session.send({ type: "websocket.accept", subprotocol: "b", headers: [["x-a", "1"]] });
    expect(transport.calls).toEqual([["accept", "b", [["x-a", "1"]]]]);
    expect(session.state).toBe("connected");
    expect(told).toEqual(["settled", "opened"]);
  });

  test("a subprotocol that was not offered throws and names none that were: one may be a token", async () => {
    const { session, transport } = new SessionFixture({}, ["a", "b"]);
    const bad = session.send({ type: "websocket.accept", subprotocol: "c" });
    await expect(bad).rejects.toThrow(/expected one of the 2 subprotocols that the client offered, got c/);
    const none = new SessionFixture().session.send({ type: "websocket.accept", subprotocol: "c" });
    await expect(none).rejects.toThrow(/one of the 0 subprotocols/);
    expect(transport.calls).toEqual([]);
    expect(session.state).toBe("connecting");
  });

  test("accept rejects with ConnectionClosed when the socket turns out to be gone", async () => {
    const { session, transport, told } = new SessionFixture();
    transport.isThere = false;
    await expect(session.send(accept)).rejects.toBeInstanceOf(ConnectionClosed);
    expect(session.state).toBe("disconnected");
    expect(told).toEqual(["settled", "ended 1006 network"]);
  });

  test("close refuses with 403; the disconnect is 1006", async () => {
    const { session, transport, told } = new SessionFixture();
    await session.receive();
    await session.send({ type: "websocket.close", code: 4_000 });
    expect(transport.calls).toEqual([["refuse", 403, []]]);
    expect(await session.receive()).toEqual({ type: "websocket.disconnect", code: 1006, reason: "" });
    expect(told).toEqual(["settled", "ended 1006 application"]);
  });

  test("a response of the application's own is settled with its last part", async () => {
    const { session, transport, told } = new SessionFixture();
    await session.send({ type: "websocket.http.response.start", status: 404 });
    await session.send({ type: "websocket.http.response.body", body: new Uint8Array(3), moreBody: true });
    expect(session.state).toBe("denying");
    expect(told).toEqual([]);
    await session.send({ type: "websocket.http.response.body" });
    expect(transport.calls).toEqual([
      ["respond", 404, []],
      ["respondBody", 3, true],
      ["respondBody", 0, false],
    ]);
    expect(told).toEqual(["settled", "ended 1006 application"]);
  });

  test("no answer within acceptTimeout is 503 and a disconnect that says so", async () => {
    const { session, transport, clock } = new SessionFixture({ acceptTimeout: 10_000 });
    clock.advance(9_999);
    expect(transport.calls).toEqual([]);
    clock.advance(1);
    expect(transport.calls).toEqual([["refuse", 503, []]]);
    expect(session.closeState).toMatchObject({ code: 1006, reason: "accept timeout", initiator: "server" });
  });

  test("a part of a response waits for a peer that does not read; one that never does is cut off", async () => {
    const { session, transport, clock } = new SessionFixture({ sendBuffer: 100, sendTimeout: 1_000 });
    await session.send({ type: "websocket.http.response.start", status: 404 });
    const part = { type: "websocket.http.response.body", body: new Uint8Array(101), moreBody: true } as const;
    transport.buffered = 101;
    const first = session.send(part);
    transport.buffered = 0;
    session.drained();
    await first;
    transport.buffered = 101;
    const second = session.send(part);
    transport.take();
    clock.advance(1_000);
    await expect(second).rejects.toMatchObject({ reason: "slow consumer" });
    expect(transport.calls).toEqual([["terminate"]]);
  });

  test("a response that is not completed within acceptTimeout is cut off", async () => {
    const { session, transport, clock } = new SessionFixture({ acceptTimeout: 10_000 });
    await session.send({ type: "websocket.http.response.start", status: 404 });
    transport.take();
    clock.advance(10_000);
    expect(transport.calls).toEqual([["terminate"]]);
  });
});

describe("order", () => {
  test("an event out of order rejects, changes no state and tells the transport nothing", async () => {
    const { session, transport } = new SessionFixture();
    await expect(session.send(hello)).rejects.toThrow(ProtocolError);
    expect(transport.calls).toEqual([]);
    expect(session.state).toBe("connecting");
  });

  test("a malformed event rejects before anything else", async () => {
    const fixture = new SessionFixture();
    const bad = { type: "websocket.close", code: 1005 } as const;
    await expect(fixture.session.send(bad)).rejects.toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    await fixture.open();
    fixture.session.ended(gone);
    await expect(fixture.session.send(bad)).rejects.toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
  });

  test("after the end every send rejects with the same ConnectionClosed, and a close does nothing", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    fixture.session.ended({ code: 4_000, reason: "bye", wasClean: true, initiator: "client" });
    const end = fixture.session.closeState?.error;
    await expect(fixture.session.send(hello)).rejects.toBe(end);
    await expect(fixture.session.send(accept)).rejects.toBe(end);
    await fixture.session.send(close);
    expect(fixture.transport.calls).toEqual([]);
  });

  test("a send that nobody awaits does not end the process when the connection ended", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    fixture.session.ended(gone);
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", listen);
    void fixture.session.send(hello);
    // Unhandled rejections are told after the microtasks of this turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });
});

describe("the application's close", () => {
  test("sends a close frame, drops what is queued, lets the peer go on, and is what the disconnect says", async () => {
    const fixture = new SessionFixture({ receiveQueue: { messages: 1, bytes: 100 } });
    await fixture.open();
    fixture.text("left over");
    await fixture.session.send({ type: "websocket.close", code: 4_001, reason: "done" });
    expect(fixture.transport.calls).toEqual([["pause"], ["close", 4_001, "done"], ["resume"]]);
    const disconnect = { type: "websocket.disconnect", code: 4_001, reason: "done" };
    expect(await fixture.session.receive()).toEqual(disconnect);
    fixture.text("after the close");
    expect(await fixture.session.receive()).toEqual(disconnect);
  });

  test("a peer that does not answer it is terminated after closeTimeout", async () => {
    const fixture = new SessionFixture({ closeTimeout: 5_000 });
    await fixture.open();
    await fixture.session.send(close);
    fixture.transport.take();
    fixture.clock.advance(5_000);
    expect(fixture.transport.calls).toEqual([["terminate"]]);
  });

  test("no timer is left when the socket is closed", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    expect(fixture.clock.pending).toBeGreaterThan(0);
    await fixture.session.send(close);
    fixture.session.released();
    expect(fixture.clock.pending).toBe(0);
    expect(fixture.told).toEqual(["settled", "opened", "ended 1000 application", "released"]);
  });
});

describe("the end that others bring about", () => {
  test("what came before is given first, then the disconnect; a second end changes nothing", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    fixture.text("one");
    fixture.session.ended(gone);
    fixture.session.ended({ ...gone, code: 4_000 });
    expect(await fixture.session.receive()).toEqual({ type: "websocket.receive", text: "one" });
    expect(await fixture.session.receive()).toMatchObject({ code: 1006 });
    expect(fixture.told.filter((line) => line.startsWith("ended"))).toEqual(["ended 1006 network"]);
  });

  test("a receive that waits is given the disconnect", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    const waiting = fixture.session.receive();
    fixture.session.ended(gone);
    expect(await waiting).toMatchObject({ type: "websocket.disconnect", code: 1006 });
  });
});

describe("in the application's place", () => {
  test("before accept the handshake is refused with the status", () => {
    const { session, transport } = new SessionFixture();
    session.end(endings.threw);
    expect(transport.calls).toEqual([["refuse", 500, []]]);
    expect(session.closeState).toMatchObject({ code: 1006, wasClean: false });
  });

  test("before accept a server that stops is what the disconnect says", async () => {
    const { session } = new SessionFixture();
    await session.receive();
    session.end(endings.shutdown);
    expect(await session.receive()).toMatchObject({ code: 1012 });
  });

  test("after accept the connection is closed with the code", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    fixture.session.end(endings.threw);
    expect(fixture.transport.calls).toEqual([["close", 1011, ""]]);
  });

  test("a response that has begun is cut off, and what has ended is left alone", async () => {
    const { session, transport } = new SessionFixture();
    await session.send({ type: "websocket.http.response.start", status: 404 });
    transport.take();
    session.end(endings.returned);
    session.end(endings.returned);
    expect(transport.take()).toEqual([["terminate"]]);
    session.terminate();
    expect(transport.calls).toEqual([["terminate"]]);
  });
});

describe("flow", () => {
  test("send resolves at once below the mark, else when the transport has drained below it", async () => {
    const fixture = new SessionFixture({ sendBuffer: 100 });
    await fixture.open();
    fixture.transport.buffered = 100;
    await fixture.session.send(hello);
    fixture.transport.buffered = 101;
    let isDone = false;
    const sending = fixture.session.send(hello).then(() => {
      isDone = true;
    });
    fixture.session.drained();
    await Promise.resolve();
    expect(isDone).toBe(false);
    fixture.transport.buffered = 100;
    fixture.session.drained();
    await sending;
  });

  test("a peer that does not read in sendTimeout is told 1013, the send rejects, and within 1 s it is over", async () => {
    const fixture = new SessionFixture({ sendBuffer: 0, sendTimeout: 30_000, pingInterval: 0 });
    await fixture.open();
    fixture.transport.buffered = 1;
    const sending = fixture.session.send(hello);
    fixture.transport.take();
    fixture.clock.advance(30_000);
    await expect(sending).rejects.toMatchObject({ code: 1006, reason: "slow consumer", initiator: "server" });
    expect(fixture.transport.take()).toEqual([["close", 1013, "slow consumer"]]);
    fixture.clock.advance(1_000);
    expect(fixture.transport.take()).toEqual([["terminate"]]);
  });

  test("one that gives no sign of life is told 1011, and within 1 s it is over", async () => {
    const fixture = new SessionFixture({ pingInterval: 20_000, pingTimeout: 20_000 });
    await fixture.open();
    fixture.clock.advance(20_000);
    expect(fixture.transport.take()).toEqual([["ping"]]);
    fixture.clock.advance(20_000);
    expect(fixture.transport.calls).toContainEqual(["close", 1011, "keepalive timeout"]);
    expect(fixture.session.closeState).toMatchObject({ code: 1006, reason: "keepalive timeout" });
    fixture.clock.advance(1_000);
    expect(fixture.transport.calls.at(-1)).toEqual(["terminate"]);
  });

  test("one that we paused ourselves is not taken for dead", async () => {
    const fixture = new SessionFixture({ receiveQueue: { messages: 1, bytes: 100 } });
    await fixture.open();
    fixture.text("unread");
    fixture.clock.advance(120_000);
    expect(fixture.session.closeState).toBeUndefined();
  });

  test("a sign of life is any byte", async () => {
    const fixture = new SessionFixture({ pingInterval: 20_000, pingTimeout: 20_000 });
    await fixture.open();
    for (let beat = 0; beat < 10; beat += 1) {
      fixture.transport.received += 1;
      fixture.clock.advance(20_000);
    }
    expect(fixture.session.closeState).toBeUndefined();
  });
});

describe("a breach of the protocol", () => {
  test("is answered in the next turn, when the application had its chance to answer what came before", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    fixture.text("one");
    fixture.session.breached(1002, "a reserved bit");
    expect(await fixture.session.receive()).toMatchObject({ text: "one" });
    await fixture.session.send({ type: "websocket.send", text: "answer" });
    fixture.clock.turn();
    expect(fixture.transport.take()).toEqual([
      ["send", "answer"],
      ["close", 1002, ""],
    ]);
    expect(fixture.session.closeState).toMatchObject({
      code: 1006,
      reason: "a reserved bit",
      initiator: "server",
    });
  });

  test("is answered before the end of the stream that comes with it, once", async () => {
    const fixture = new SessionFixture();
    await fixture.open();
    fixture.session.breached(1002, "a reserved bit");
    fixture.session.ended(gone);
    expect(fixture.transport.take()).toEqual([["close", 1002, ""]]);
    expect(fixture.session.closeState).toMatchObject({ reason: "a reserved bit", initiator: "server" });
    fixture.clock.turn();
    expect(fixture.transport.take()).toEqual([]);
  });
});
