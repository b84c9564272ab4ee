import { duplexPair } from "node:stream";
import { describe, expect, test } from "vitest";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { linger, make, makeFresh, reading, settle } from "./pending-socket.fixture.js";
import { PendingSocket } from "./pending-socket.js";

describe("an error of the socket", () => {
  test("has a listener from the first line on, and for ever", async () => {
    const { pending, socket } = make();
    expect(socket.listenerCount("error")).toBe(1);
    pending.take();
    expect(socket.listenerCount("error")).toBe(1);
    socket.destroy(new Error("ECONNRESET"));
    await settle();
    expect(socket.destroyed).toBe(true);
  });

  test("needs nobody who listens to us", async () => {
    const [socket] = duplexPair();
    const clock = new FakeClock();
    new PendingSocket(socket, Buffer.alloc(0), clock, linger);
    clock.turn();
    socket.destroy(new Error("ECONNRESET"));
    await settle();
    expect(socket.closed).toBe(true);
  });
});

describe("what comes before the answer", () => {
  test("is handed over in order, with what Node had read already", async () => {
    const { pending, client } = make("a");
    client.write("b");
    await settle();
    client.write("c");
    await settle();
    expect(pending.received).toBe(3);
    expect(pending.take()?.toString()).toBe("abc");
  });

  test("is followed by the rest, which the socket keeps until it goes on", async () => {
    const { pending, socket, client, told } = make();
    client.write("early ");
    await settle();
    expect(pending.take()?.toString()).toBe("early ");
    expect(socket.isPaused()).toBe(true);
    client.write("late");
    await settle();
    expect(pending.received).toBe(6);
    const rest = reading(socket);
    await settle();
    socket.resume();
    await settle();
    expect(rest.text).toBe("late");
    expect(told).toEqual([]);
  });

  test("is held up to 64 KiB and one chunk, then the client has to wait", async () => {
    const { pending, socket, client } = make();
    const chunk = Buffer.alloc(40_000, "x");
    for (let count = 0; count < 3; count += 1) {
      client.write(chunk);
      await settle();
    }
    expect(socket.isPaused()).toBe(true);
    expect(pending.received).toBe(80_000);
    expect(pending.take()).toHaveLength(80_000);
  });

  test("is not held up at one byte less", async () => {
    const { socket, client } = make("x");
    client.write(Buffer.alloc(65_534));
    await settle();
    expect(socket.isPaused()).toBe(false);
    client.write("x");
    await settle();
    expect(socket.isPaused()).toBe(true);
  });
});

describe("a client that leaves before the answer", () => {
  test("is noticed by its FIN; the socket is destroyed", async () => {
    const { pending, socket, client, clock, told } = make();
    client.end();
    await settle();
    expect(told).toEqual(["gone", "released"]);
    expect(socket.destroyed).toBe(true);
    expect(pending.take()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test("is noticed by a reset", async () => {
    const { pending, socket, told } = make();
    socket.destroy(new Error("ECONNRESET"));
    expect(pending.take()).toBeUndefined();
    await settle();
    expect(told).toEqual(["gone", "released"]);
  });

  test("gets no socket handed on that can't be written to any more", () => {
    const { pending, socket } = make();
    socket.end();
    expect(pending.take()).toBeUndefined();
  });
});

describe("a socket that was handed on", () => {
  test("is no longer ours: its end and its close are not told", async () => {
    const { pending, socket, told } = make();
    expect(pending.take()).toHaveLength(0);
    for (const event of ["data", "end"]) expect(socket.listenerCount(event)).toBe(0);
    socket.destroy();
    await settle();
    expect(told).toEqual([]);
  });
});

describe("in the turn in which it came, a socket", () => {
  test("that is handed on gets no listeners but for errors", async () => {
    const { pending, socket, client, clock, told } = makeFresh("head");
    expect(pending.take()?.toString()).toBe("head");
    clock.turn();
    for (const event of ["data", "end", "close"]) expect(socket.listenerCount(event)).toBe(0);
    client.write("first");
    const rest = reading(socket);
    await settle();
    expect(rest.text).toBe("first");
    expect(told).toEqual([]);
  });

  test("may close before anybody listens; that is told all the same, in the next turns", async () => {
    const { pending, socket, clock, told } = makeFresh();
    socket.destroy(new Error("ECONNRESET"));
    await settle();
    expect(socket.closed).toBe(true);
    expect(pending.take()).toBeUndefined();
    expect(told).toEqual([]);
    clock.turn();
    clock.turn();
    expect(told).toEqual(["gone", "released"]);
  });

  test("that is refused tells when it is closed, once", async () => {
    const { pending, client, clock, told } = makeFresh();
    const answer = reading(client);
    pending.refuse(403, []);
    client.end();
    clock.turn();
    await settle();
    expect(answer.text).toContain("403 Forbidden");
    expect(told).toEqual(["released"]);
  });

  test("that is closed as it is refused tells that nobody was there", async () => {
    const { pending, socket, clock, told } = makeFresh();
    socket.destroy();
    await settle();
    pending.respond(403, []);
    clock.turn();
    clock.turn();
    await settle();
    expect(told).toEqual(["gone", "released"]);
  });
});
