import { describe, expect, test } from "vitest";
import { linger, make, reading, settle } from "./pending-socket.fixture.js";

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
    expect(told).toEqual(["drained", "released"]);
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
