import type { Schema } from "@ws/contract";
import { InvalidMessage, ProtocolError } from "@ws/events";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  acceptedConnection,
  bytes,
  disconnected,
  fakeConnection,
  json,
  rejection,
  text,
} from "./events.fixture.js";

async function all<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const message of messages) seen.push(message);
  return seen;
}

describe("iterating", () => {
  test("over the connection gives every message as it came, and ends when the client leaves", async () => {
    const { socket } = await acceptedConnection(text("a"), bytes(1), text(""), disconnected());
    const seen = await all(socket);
    expect(seen).toEqual(["a", Uint8Array.of(1), ""]);
    expectTypeOf(seen).toEqualTypeOf<(string | Uint8Array)[]>();
    expect(socket.signal.aborted).toBe(true);
  });

  test("ends where the connection had ended already, however it did", async () => {
    const left = await acceptedConnection(disconnected(1006));
    await rejection(left.socket.receiveText());
    expect(await all(left.socket)).toEqual([]);
    const closed = await acceptedConnection(disconnected(1000));
    await closed.socket.close();
    expect(await all(closed.socket)).toEqual([]);
  });

  test("over text() gives texts and throws at bytes; iterating again goes on with the next", async () => {
    const { socket } = await acceptedConnection(text("a"), bytes(1), text("b"), disconnected());
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const one of socket.text()) seen.push(one);
    };
    expect(await rejection(read())).toBeInstanceOf(InvalidMessage);
    await read();
    expect(seen).toEqual(["a", "b"]);
  });

  test("over bytes() gives bytes and throws at a text; iterating again goes on with the next", async () => {
    const { socket } = await acceptedConnection(bytes(1), text("a"), bytes(2), disconnected());
    const first = socket.bytes();
    expect(await first.next()).toMatchObject({ value: Uint8Array.of(1) });
    expect(await rejection(first.next())).toBeInstanceOf(InvalidMessage);
    expect(await all(socket.bytes())).toEqual([Uint8Array.of(2)]);
  });

  test("over json() gives values, validated where there is a schema", async () => {
    const { socket } = await acceptedConnection(json(1), json("1"), json(2), json({ a: 1 }), disconnected());
    const numbers = socket.json(z.number());
    expectTypeOf(numbers).toEqualTypeOf<AsyncIterableIterator<number>>();
    expect(await numbers.next()).toMatchObject({ value: 1 });
    expect(await rejection(numbers.next())).toMatchObject({ code: "ERR_WS_MESSAGE_SCHEMA" });
    const rest = socket.json();
    expectTypeOf(rest).toEqualTypeOf<AsyncIterableIterator<unknown>>();
    expect(await all(rest)).toEqual([2, { a: 1 }]);
  });

  test("over json() holds to the limits", async () => {
    const { socket } = await acceptedConnection(text("[[1]]"), disconnected());
    expect(await rejection(all(socket.json(undefined, { maxDepth: 1 })))).toBeInstanceOf(InvalidMessage);
  });

  test("may be broken off: the next message is still there", async () => {
    const { socket } = await acceptedConnection(text("a"), text("b"));
    for await (const one of socket.text()) {
      expect(one).toBe("a");
      break;
    }
    expect(await socket.receiveText()).toBe("b");
  });

  test("takes a signal: it throws its reason, and the next message is still there", async () => {
    const { socket, driver } = await acceptedConnection();
    for (const start of [
      (signal: AbortSignal) => all(socket.text({ signal })),
      (signal: AbortSignal) => all(socket.bytes({ signal })),
      (signal: AbortSignal) => all(socket.json(undefined, { signal })),
      (signal: AbortSignal) => all(socket.json(z.number(), { signal })),
    ]) {
      const controller = new AbortController();
      const waiting = rejection(start(controller.signal));
      controller.abort("enough");
      expect(await waiting).toBe("enough");
    }
    driver.push(text("a"));
    expect(await socket.receiveText()).toBe("a");
  });

  test("with the connection's own signal ends with the connection", async () => {
    const { socket } = await acceptedConnection();
    const seen = all(socket.text({ signal: socket.signal }));
    await socket.close();
    expect(await seen).toEqual([]);
  });

  test("before accept throws a ProtocolError", async () => {
    const { socket } = fakeConnection();
    expect(await rejection(all(socket))).toBeInstanceOf(ProtocolError);
  });

  test("an end of another connection is no end of this one", async () => {
    const other = await acceptedConnection(disconnected());
    const end = await rejection(other.socket.receiveText());
    const { socket } = await acceptedConnection(json(1));
    const forwarding: Schema = {
      "~standard": { version: 1, vendor: "hand", validate: () => Promise.reject(end) },
    };
    expect(await rejection(all(socket.json(forwarding)))).toBe(end);
  });
});
