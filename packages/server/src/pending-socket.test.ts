import { type Duplex, duplexPair } from "node:stream";
import { describe, expect, test } from "vitest";
import { FakeClock } from "./clock.fixture.js";
import { PendingSocket } from "./pending-socket.js";

const linger = 5_000;

interface Made {
  readonly pending: PendingSocket;
  /** Our end. */
  readonly socket: Duplex;
  /** The client's end. */
  readonly client: Duplex;
  readonly clock: FakeClock;
  /** What the listener was told, in order. */
  readonly told: string[];
}

function make(head = ""): Made {
  const [socket, client] = duplexPair();
  const clock = new FakeClock();
  const told: string[] = [];
  const pending = new PendingSocket(socket, Buffer.from(head), clock, linger);
  pending.listener = { gone: () => told.push("gone"), released: () => told.push("released") };
  return { pending, socket, client, clock, told };
}

/** Lets what was written arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What the client has read so far. */
function reading(client: Duplex): { text: string; hasEnded: boolean } {
  const read = { text: "", hasEnded: false };
  client.on("data", (chunk: Buffer) => {
    read.text += chunk.toString("latin1");
  });
  client.on("end", () => {
    read.hasEnded = true;
  });
  return read;
}

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
    new PendingSocket(socket, Buffer.alloc(0), new FakeClock(), linger);
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

describe("a refusal", () => {
  const refusal =
    "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nallow: GET\r\nconnection: close\r\n\r\n";

  test("is a whole response, and the end", async () => {
    const { pending, client } = make();
    const read = reading(client);
    pending.refuse(405, [["allow", "GET"]]);
    await settle();
    expect(read).toEqual({ text: refusal, hasEnded: true });
  });

  test("lingers until the client closes too; then no timer is left", async () => {
    const { pending, socket, client, clock, told } = make();
    reading(client);
    pending.refuse(403, []);
    await settle();
    expect(socket.destroyed).toBe(false);
    expect(clock.pending).toBe(1);
    client.end();
    await settle();
    expect(told).toEqual(["released"]);
    expect(clock.pending).toBe(0);
  });

  test("destroys the socket of a client that does not close", async () => {
    const { pending, socket, clock, told } = make();
    pending.refuse(403, []);
    clock.advance(linger - 1);
    expect(socket.destroyed).toBe(false);
    clock.advance(1);
    expect(socket.destroyed).toBe(true);
    await settle();
    expect(told).toEqual(["released"]);
  });

  test("reads and drops what the client still sends, though it was paused", async () => {
    const { pending, socket, client } = make();
    const read = reading(client);
    client.write(Buffer.alloc(70_000));
    await settle();
    expect(socket.isPaused()).toBe(true);
    pending.refuse(405, [["allow", "GET"]]);
    let isTaken = false;
    client.write(Buffer.alloc(1_000_000), () => {
      isTaken = true;
    });
    await settle();
    expect(isTaken).toBe(true);
    expect(pending.received).toBe(70_000);
    expect(socket.readableLength).toBe(0);
    expect(read.text).toBe(refusal);
  });

  test("of a client that has left sets no timer and throws nothing", async () => {
    const { pending, socket, clock, told } = make();
    socket.destroy();
    await settle();
    pending.refuse(503, []);
    await settle();
    expect(clock.pending).toBe(0);
    expect(told).toEqual(["gone", "released"]);
  });
});

describe("a response in parts", () => {
  test("is a head, its parts as they come, and the end", async () => {
    const { pending, client, clock } = make();
    const read = reading(client);
    pending.respond(401, [["X-Why", "b\xe9cause"]]);
    pending.respondBody(Buffer.from("a"), true);
    pending.respondBody(new Uint8Array(), true);
    await settle();
    expect(read).toEqual({
      text: "HTTP/1.1 401 Unauthorized\r\nx-why: b\xe9cause\r\nconnection: close\r\n\r\na",
      hasEnded: false,
    });
    expect(clock.pending).toBe(0);
    pending.respondBody(Buffer.from("b"), false);
    await settle();
    expect(read.text).toMatch(/\r\n\r\nab$/);
    expect(read.hasEnded).toBe(true);
    expect(clock.pending).toBe(1);
  });

  test("goes on when the client has closed its half", async () => {
    const { pending, client, told } = make();
    const read = reading(client);
    pending.respond(401, []);
    client.end();
    await settle();
    expect(told).toEqual([]);
    pending.respondBody(Buffer.from("all"), false);
    await settle();
    expect(read.text).toMatch(/\r\n\r\nall$/);
    expect(told).toEqual(["released"]);
  });

  test("whose client leaves before its end: that is told, and no timer is left", async () => {
    const { pending, socket, clock, told } = make();
    pending.respond(401, []);
    socket.destroy(new Error("ECONNRESET"));
    await settle();
    expect(told).toEqual(["gone", "released"]);
    pending.respondBody(Buffer.from("late"), true);
    pending.respondBody(new Uint8Array(), false);
    await settle();
    expect(clock.pending).toBe(0);
    expect(told).toEqual(["gone", "released"]);
  });
});
