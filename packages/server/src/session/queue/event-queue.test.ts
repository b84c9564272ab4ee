import type { ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { disconnect, make, makeConnected, received, say, settle } from "./event-queue.fixture.js";
import type { EventQueue } from "./event-queue.js";

/** Receives `count` times and lists what has arrived so far, in the order of its arrival. */
function listen(queue: EventQueue, count: number): ReceiveEvent[] {
  const events: ReceiveEvent[] = [];
  for (let index = 0; index < count; index += 1) void queue.receive().then((event) => events.push(event));
  return events;
}

describe("what is received first", () => {
  test("is the connect, once, whatever has come already", async () => {
    const { queue } = make();
    say(queue, "a");
    await expect(queue.receive()).resolves.toEqual({ type: "websocket.connect" });
    await expect(queue.receive()).resolves.toEqual(received("a"));
  });

  test("is the connect even where the client has gone", async () => {
    const { queue } = make();
    queue.end(1006, "x", false);
    await expect(queue.receive()).resolves.toEqual({ type: "websocket.connect" });
    await expect(queue.receive()).resolves.toEqual(disconnect);
  });

  test("can't be changed for the others", async () => {
    const first = await make().queue.receive();
    expect(Object.isFrozen(first)).toBe(true);
  });
});

describe("messages", () => {
  test("are received in the order in which they came", async () => {
    const { queue } = await makeConnected();
    say(queue, "a", "b");
    queue.binary(new Uint8Array([1]));
    await expect(queue.receive()).resolves.toEqual(received("a"));
    await expect(queue.receive()).resolves.toEqual(received("b"));
    await expect(queue.receive()).resolves.toEqual({ type: "websocket.receive", bytes: new Uint8Array([1]) });
  });

  test("go straight to one who waits", async () => {
    const { queue, clock } = await makeConnected(1);
    const events = listen(queue, 1);
    say(queue, "a");
    await settle();
    expect(events).toEqual([received("a")]);
    expect(queue.paused).toBe(false);
    expect(clock.turns).toBe(0);
  });

  test("go to those who wait first come first served", async () => {
    const { queue } = await makeConnected();
    const order: string[] = [];
    for (const name of ["first", "second"]) {
      void queue.receive().then((event) => order.push(`${name}: ${"text" in event && event.text}`));
    }
    say(queue, "a", "b");
    await settle();
    expect(order).toEqual(["first: a", "second: b"]);
  });

  test("are taken at once where they are there, in the same order", async () => {
    const { queue } = await makeConnected();
    expect(queue.take()).toBeUndefined();
    say(queue, "a", "b", "c");
    expect(queue.take()).toEqual(received("a"));
    await expect(queue.receive()).resolves.toEqual(received("b"));
    expect(queue.take()).toEqual(received("c"));
    expect(queue.take()).toBeUndefined();
  });

  test("are not taken over the head of one who waits for the next turn's share", async () => {
    const { queue, clock } = await makeConnected();
    say(queue, ...Array.from({ length: 66 }, (_, index) => String(index)));
    // In the turn that has the next share, before those who wait are served.
    clock.nextTurn(() => expect(queue.take()).toBeUndefined());
    for (let taken = 0; taken < 64; taken += 1) queue.take();
    const events = listen(queue, 1);
    clock.turn();
    await settle();
    expect(events).toEqual([received("64")]);
    expect(queue.take()).toEqual(received("65"));
  });

  test("go to a concurrent receive only after the one that waits before it", async () => {
    const { queue, clock } = await makeConnected();
    say(queue, ...Array.from({ length: 65 }, (_, index) => `${index}`));
    const events = listen(queue, 66);
    await settle();
    expect(events).toHaveLength(64);
    clock.turn();
    say(queue, "65");
    await settle();
    expect(events.slice(64)).toEqual([received("64"), received("65")]);
  });
});

describe("an application that does not receive", () => {
  test("has the peer paused at the bound, and resumed at half of it", async () => {
    const { queue, pauses } = await makeConnected(4);
    say(queue, "a", "b", "c", "d");
    expect(queue.paused).toBe(true);
    await queue.receive();
    expect(queue.paused).toBe(true);
    await queue.receive();
    expect(queue.paused).toBe(false);
    expect(pauses).toEqual([true, false]);
  });

  test("has it paused by bytes too", async () => {
    const { queue } = await makeConnected(100, 10);
    say(queue, "0123456789");
    expect(queue.paused).toBe(true);
  });
});

describe("a flood", () => {
  const flood = Array.from({ length: 200 }, (_, index) => `${index}`);

  test("is served 64 messages a turn, in order", async () => {
    const { queue, clock } = await makeConnected();
    say(queue, ...flood);
    const events = listen(queue, 200);
    for (const count of [64, 128, 192, 200]) {
      await settle();
      expect(events).toHaveLength(count);
      clock.turn();
    }
    expect(events).toEqual(flood.map(received));
  });

  test("leaves those who wait in order, though a message comes while the share is spent", async () => {
    const { queue, clock } = await makeConnected();
    say(queue, ...flood.slice(0, 65));
    const events = listen(queue, 70);
    say(queue, "late");
    await settle();
    expect(events).toHaveLength(64);
    clock.turn();
    await settle();
    expect(events.slice(64)).toEqual([received("64"), received("late")]);
  });

  test("that the application does not take leaves the share unspent", async () => {
    const { queue, clock } = await makeConnected();
    say(queue, ...flood);
    expect(clock.turns).toBe(0);
  });
});

describe("the disconnect", () => {
  test("comes after what was held, again and again", async () => {
    const { queue } = await makeConnected();
    say(queue, "a");
    queue.end(1006, "x", false);
    await expect(queue.receive()).resolves.toEqual(received("a"));
    await expect(queue.receive()).resolves.toEqual(disconnect);
    await expect(queue.receive()).resolves.toEqual(disconnect);
  });

  test("comes at once where what was held is dropped", async () => {
    const { queue } = await makeConnected();
    say(queue, "a");
    queue.end(1006, "x", true);
    await expect(queue.receive()).resolves.toEqual(disconnect);
  });

  test("goes to all who wait", async () => {
    const { queue } = await makeConnected();
    const events = listen(queue, 3);
    queue.end(1006, "x", false);
    await settle();
    expect(events).toEqual([disconnect, disconnect, disconnect]);
  });

  test("is not held up by a spent share once nothing is held", async () => {
    const { queue } = await makeConnected();
    say(queue, ...Array.from({ length: 64 }, () => "a"));
    const events = listen(queue, 65);
    queue.end(1006, "x", false);
    await settle();
    expect(events.at(-1)).toEqual(disconnect);
  });

  test("lets a paused peer go on", async () => {
    const { queue, pauses } = await makeConnected(1);
    say(queue, "a");
    queue.end(1006, "x", false);
    expect(queue.paused).toBe(false);
    expect(pauses).toEqual([true, false]);
  });

  test("is the last: messages after it are not delivered", async () => {
    const { queue } = await makeConnected();
    queue.end(1006, "x", false);
    say(queue, "late");
    await expect(queue.receive()).resolves.toEqual(disconnect);
  });
});
