import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { InboundQueue, messageEvent } from "./inbound.js";

const unlimited = { messages: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

interface Made {
  readonly queue: InboundQueue;
  /** Every pause (true) and resume (false), in order. */
  readonly pauses: boolean[];
}

function make(limits: { readonly messages: number; readonly bytes: number }): Made {
  const pauses: boolean[] = [];
  const owner = { setPaused: (paused: boolean) => void pauses.push(paused) };
  return { queue: new InboundQueue(limits, owner), pauses };
}

function push(queue: InboundQueue, count: number, bytes = 1): void {
  for (let index = 0; index < count; index += 1) queue.push(Buffer.alloc(bytes), false);
}

function take(queue: InboundQueue, count: number): void {
  for (let index = 0; index < count; index += 1) expect(queue.take()).toBeDefined();
}

describe("the event of a message", () => {
  test("has its text, byte order mark and all", () => {
    expect(messageEvent(Buffer.from("\ufeffé😀"), true)).toEqual({
      type: "websocket.receive",
      text: "\ufeffé😀",
    });
  });

  test("has its bytes, as a plain Uint8Array of them alone", () => {
    const event = messageEvent(Buffer.from([1, 2, 3, 4]).subarray(1, 3), false);
    expect(event).toEqual({ type: "websocket.receive", bytes: new Uint8Array([2, 3]) });
    expect(Object.getPrototypeOf("bytes" in event && event.bytes)).toBe(Uint8Array.prototype);
  });

  test("may be empty, as text and as bytes", () => {
    expect(messageEvent(Buffer.alloc(0), true)).toEqual({ type: "websocket.receive", text: "" });
    expect(messageEvent(Buffer.alloc(0), false)).toEqual({
      type: "websocket.receive",
      bytes: new Uint8Array(),
    });
  });
});

describe("the messages that wait", () => {
  test("are given in the order in which they came", () => {
    const { queue } = make(unlimited);
    queue.push(Buffer.from("a"), true);
    queue.push(Buffer.from("b"), true);
    expect(queue.size).toBe(2);
    expect(queue.take()).toMatchObject({ text: "a" });
    expect(queue.take()).toMatchObject({ text: "b" });
    expect(queue.take()).toBeUndefined();
    expect(queue.size).toBe(0);
  });

  test("are in order and none is lost in a queue of thousands that never empties", () => {
    const { queue } = make(unlimited);
    let next = 0;
    for (let index = 0; index < 5_000; index += 1) {
      queue.push(Buffer.from(`${2 * index}`), true);
      queue.push(Buffer.from(`${2 * index + 1}`), true);
      expect(queue.take()).toMatchObject({ text: `${next}` });
      next += 1;
    }
    expect(queue.size).toBe(5_000);
    for (; next < 10_000; next += 1) expect(queue.take()).toMatchObject({ text: `${next}` });
    expect(queue.take()).toBeUndefined();
  });

  test("are let go of when they are taken, though others still wait", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const { queue } = make(unlimited);
    const pushed = (): WeakRef<Buffer> => {
      const data = Buffer.alloc(100_000);
      queue.push(data, true);
      return new WeakRef(data);
    };
    const first = pushed();
    const second = pushed();
    queue.take();
    // A WeakRef holds on until the turn in which it was made is over.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(first.deref()).toBeUndefined();
    expect(second.deref()).toBeDefined();
    expect(queue.size).toBe(1);
  });
});

describe("the peer", () => {
  test("is paused when so many messages are held, and resumed at half", () => {
    const { queue, pauses } = make({ messages: 4, bytes: 1_000 });
    push(queue, 3);
    expect(queue.paused).toBe(false);
    push(queue, 1);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(queue.paused).toBe(false);
    expect(pauses).toEqual([true, false]);
  });

  test("is paused when so many bytes are held, and resumed at half", () => {
    const { queue, pauses } = make({ messages: 1_000, bytes: 100 });
    push(queue, 1, 99);
    expect(queue.paused).toBe(false);
    push(queue, 1, 1);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(queue.paused).toBe(false);
    push(queue, 2, 50);
    take(queue, 1);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(pauses).toEqual([true, false, true, false]);
  });

  test("is resumed only when both are at half", () => {
    const { queue } = make({ messages: 4, bytes: 100 });
    push(queue, 1, 1);
    push(queue, 1, 99);
    take(queue, 1);
    expect(queue.size).toBe(1);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(queue.paused).toBe(false);
  });

  test("is paused once, though the rest of what was read still comes", () => {
    const { queue, pauses } = make({ messages: 1, bytes: 1 });
    push(queue, 100);
    expect(queue.size).toBe(100);
    expect(pauses).toEqual([true]);
    take(queue, 99);
    expect(pauses).toEqual([true]);
    take(queue, 1);
    expect(pauses).toEqual([true, false]);
  });

  test("is paused at one message where that is the bound", () => {
    const { queue, pauses } = make({ messages: 1, bytes: 1_000 });
    push(queue, 1, 0);
    take(queue, 1);
    expect(pauses).toEqual([true, false]);
  });
});

describe("at the end", () => {
  test("what is held is still given, and a paused peer goes on, so that its close is read", () => {
    const { queue, pauses } = make({ messages: 2, bytes: 1_000 });
    push(queue, 2);
    queue.close(false);
    expect(pauses).toEqual([true, false]);
    take(queue, 2);
    expect(queue.take()).toBeUndefined();
    expect(pauses).toEqual([true, false]);
  });

  test("what is held is dropped where nobody will take it", () => {
    const { queue, pauses } = make({ messages: 2, bytes: 1_000 });
    push(queue, 2);
    queue.close(true);
    expect(pauses).toEqual([true, false]);
    expect(queue.size).toBe(0);
    expect(queue.take()).toBeUndefined();
  });

  test("a peer that was not paused is not resumed", () => {
    const { queue, pauses } = make({ messages: 2, bytes: 1_000 });
    push(queue, 1);
    queue.close(false);
    expect(pauses).toEqual([]);
  });
});
