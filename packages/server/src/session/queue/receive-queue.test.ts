import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { messageEvent, ReceiveQueue } from "./receive-queue.js";

const unlimited = { messages: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

interface Made {
  readonly queue: ReceiveQueue;
  /** Every pause (true) and resume (false), in order. */
  readonly pauses: boolean[];
}

function make(limits: { readonly messages: number; readonly bytes: number }): Made {
  const pauses: boolean[] = [];
  const owner = { setPaused: (paused: boolean) => void pauses.push(paused) };
  return { queue: new ReceiveQueue(limits, owner), pauses };
}

function push(queue: ReceiveQueue, count: number, bytes = 1): void {
  for (let index = 0; index < count; index += 1) queue.pushText("x".repeat(bytes), bytes);
}

function take(queue: ReceiveQueue, count: number): void {
  for (let index = 0; index < count; index += 1) expect(queue.take()).toBeDefined();
}

const text = (queue: ReceiveQueue, data: string): void => queue.pushText(data, Buffer.byteLength(data));

test("the event of a message has its text or its bytes, which may be empty", () => {
  expect(messageEvent("\ufeffé😀")).toEqual({ type: "websocket.receive", text: "\ufeffé😀" });
  expect(messageEvent("")).toEqual({ type: "websocket.receive", text: "" });
  const bytes = new Uint8Array([2, 3]);
  expect(messageEvent(bytes)).toEqual({ type: "websocket.receive", bytes });
});

describe("the messages that wait", () => {
  test("are given in the order in which they came", () => {
    const { queue } = make(unlimited);
    text(queue, "a");
    text(queue, "b");
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
      text(queue, `${2 * index}`);
      text(queue, `${2 * index + 1}`);
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
    const pushed = (): WeakRef<Uint8Array> => {
      const data = new Uint8Array(100_000);
      queue.pushBytes(data);
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

describe("bytes that wait", () => {
  test("do not keep the memory of a read of which they are a small part", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const { queue } = make(unlimited);
    const pushed = (from: number, to: number): WeakRef<ArrayBufferLike> => {
      const read = new Uint8Array(65_536).fill(7);
      queue.pushBytes(read.subarray(from, to));
      return new WeakRef(read.buffer);
    };
    const refs = [pushed(5, 10), pushed(0, 30_000), pushed(10, 65_536)];
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(refs.map((ref) => ref.deref() !== undefined)).toEqual([false, false, true]);
    const taken = [queue.take(), queue.take(), queue.take()].map(
      (event) => event && "bytes" in event && event.bytes,
    );
    expect(taken).toEqual([5, 30_000, 65_526].map((length) => new Uint8Array(length).fill(7)));
  });

  test("and texts are given in order, while some is taken and more comes", () => {
    const { queue } = make(unlimited);
    // A text says what it is: to compare millions of bytes one by one takes seconds.
    const written = (event: unknown): string =>
      JSON.stringify(event, (_key, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
      );
    const expected: string[] = [];
    const taken: string[] = [];
    for (let index = 0; index < 3_000; index += 1) {
      const bytes = new Uint8Array((index * 37) % 1_500).fill(index);
      if (index % 2 === 0) text(queue, `${index}`);
      else queue.pushBytes(bytes);
      expected.push(written(messageEvent(index % 2 === 0 ? `${index}` : bytes)));
      if (index % 3 > 0) taken.push(written(queue.take()));
    }
    for (let event = queue.take(); event !== undefined; event = queue.take()) taken.push(written(event));
    expect(taken).toEqual(expected);
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
    // A text counts for 40 more: what it takes beside its own bytes.
    push(queue, 1, 59);
    expect(queue.paused).toBe(false);
    push(queue, 1, 0);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(queue.paused).toBe(false);
    push(queue, 2, 10);
    take(queue, 1);
    expect(queue.paused).toBe(true);
    take(queue, 1);
    expect(queue.paused).toBe(false);
    expect(pauses).toEqual([true, false, true, false]);
  });

  test("is paused for what is held in memory: two bytes a unit where not all are ASCII, and an object for bytes", () => {
    const { queue } = make({ messages: 1_000, bytes: 1_000 });
    text(queue, `${"x".repeat(478)}é`);
    expect(queue.paused).toBe(false);
    text(queue, "é");
    expect(queue.paused).toBe(true);
    const other = make({ messages: 1_000, bytes: 1_000 }).queue;
    for (let count = 0; count < 3; count += 1) other.pushBytes(new Uint8Array(77));
    expect(other.paused).toBe(false);
    other.pushBytes(new Uint8Array());
    expect(other.paused).toBe(true);
  });

  test("is resumed only when both are at half", () => {
    const { queue } = make({ messages: 4, bytes: 1_000 });
    push(queue, 1, 1);
    push(queue, 1, 920);
    expect(queue.paused).toBe(true);
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
