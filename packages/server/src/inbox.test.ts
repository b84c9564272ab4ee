import type { ReceiveEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { disconnect, make, makeConnected, received, say, settle } from "./inbox.fixture.js";
import type { Inbox } from "./inbox.js";

/** Receives `count` times and lists what has arrived so far, in the order of its arrival. */
function listen(inbox: Inbox, count: number): ReceiveEvent[] {
  const events: ReceiveEvent[] = [];
  for (let index = 0; index < count; index += 1) void inbox.receive().then((event) => events.push(event));
  return events;
}

describe("what is received first", () => {
  test("is the connect, once, whatever has come already", async () => {
    const { inbox } = make();
    say(inbox, "a");
    await expect(inbox.receive()).resolves.toEqual({ type: "websocket.connect" });
    await expect(inbox.receive()).resolves.toEqual(received("a"));
  });

  test("is the connect even where the client has gone", async () => {
    const { inbox } = make();
    inbox.end(1006, "x", false);
    await expect(inbox.receive()).resolves.toEqual({ type: "websocket.connect" });
    await expect(inbox.receive()).resolves.toEqual(disconnect);
  });

  test("can't be changed for the others", async () => {
    const first = await make().inbox.receive();
    expect(Object.isFrozen(first)).toBe(true);
  });
});

describe("messages", () => {
  test("are received in the order in which they came", async () => {
    const { inbox } = await makeConnected();
    say(inbox, "a", "b");
    inbox.message(Buffer.from([1]), false);
    await expect(inbox.receive()).resolves.toEqual(received("a"));
    await expect(inbox.receive()).resolves.toEqual(received("b"));
    await expect(inbox.receive()).resolves.toEqual({ type: "websocket.receive", bytes: new Uint8Array([1]) });
  });

  test("go straight to one who waits", async () => {
    const { inbox, clock } = await makeConnected(1);
    const events = listen(inbox, 1);
    say(inbox, "a");
    await settle();
    expect(events).toEqual([received("a")]);
    expect(inbox.paused).toBe(false);
    expect(clock.turns).toBe(0);
  });

  test("go to those who wait first come first served", async () => {
    const { inbox } = await makeConnected();
    const order: string[] = [];
    for (const name of ["first", "second"]) {
      void inbox.receive().then((event) => order.push(`${name}: ${"text" in event && event.text}`));
    }
    say(inbox, "a", "b");
    await settle();
    expect(order).toEqual(["first: a", "second: b"]);
  });

  test("go to a concurrent receive only after the one that waits before it", async () => {
    const { inbox, clock } = await makeConnected();
    say(inbox, ...Array.from({ length: 65 }, (_, index) => `${index}`));
    const events = listen(inbox, 66);
    await settle();
    expect(events).toHaveLength(64);
    clock.turn();
    say(inbox, "65");
    await settle();
    expect(events.slice(64)).toEqual([received("64"), received("65")]);
  });
});

describe("an application that does not receive", () => {
  test("has the peer paused at the bound, and resumed at half of it", async () => {
    const { inbox, pauses } = await makeConnected(4);
    say(inbox, "a", "b", "c", "d");
    expect(inbox.paused).toBe(true);
    await inbox.receive();
    expect(inbox.paused).toBe(true);
    await inbox.receive();
    expect(inbox.paused).toBe(false);
    expect(pauses).toEqual([true, false]);
  });

  test("has it paused by bytes too", async () => {
    const { inbox } = await makeConnected(100, 10);
    say(inbox, "0123456789");
    expect(inbox.paused).toBe(true);
  });
});

describe("a flood", () => {
  const flood = Array.from({ length: 200 }, (_, index) => `${index}`);

  test("is served 64 messages a turn, in order", async () => {
    const { inbox, clock } = await makeConnected();
    say(inbox, ...flood);
    const events = listen(inbox, 200);
    for (const count of [64, 128, 192, 200]) {
      await settle();
      expect(events).toHaveLength(count);
      clock.turn();
    }
    expect(events).toEqual(flood.map(received));
  });

  test("leaves those who wait in order, though a message comes while the share is spent", async () => {
    const { inbox, clock } = await makeConnected();
    say(inbox, ...flood.slice(0, 65));
    const events = listen(inbox, 70);
    say(inbox, "late");
    await settle();
    expect(events).toHaveLength(64);
    clock.turn();
    await settle();
    expect(events.slice(64)).toEqual([received("64"), received("late")]);
  });

  test("that the application does not take leaves the share unspent", async () => {
    const { inbox, clock } = await makeConnected();
    say(inbox, ...flood);
    expect(clock.turns).toBe(0);
  });
});

describe("the disconnect", () => {
  test("comes after what was held, again and again", async () => {
    const { inbox } = await makeConnected();
    say(inbox, "a");
    inbox.end(1006, "x", false);
    await expect(inbox.receive()).resolves.toEqual(received("a"));
    await expect(inbox.receive()).resolves.toEqual(disconnect);
    await expect(inbox.receive()).resolves.toEqual(disconnect);
  });

  test("comes at once where what was held is dropped", async () => {
    const { inbox } = await makeConnected();
    say(inbox, "a");
    inbox.end(1006, "x", true);
    await expect(inbox.receive()).resolves.toEqual(disconnect);
  });

  test("goes to all who wait", async () => {
    const { inbox } = await makeConnected();
    const events = listen(inbox, 3);
    inbox.end(1006, "x", false);
    await settle();
    expect(events).toEqual([disconnect, disconnect, disconnect]);
  });

  test("is not held up by a spent share once nothing is held", async () => {
    const { inbox } = await makeConnected();
    say(inbox, ...Array.from({ length: 64 }, () => "a"));
    const events = listen(inbox, 65);
    inbox.end(1006, "x", false);
    await settle();
    expect(events.at(-1)).toEqual(disconnect);
  });

  test("lets a paused peer go on", async () => {
    const { inbox, pauses } = await makeConnected(1);
    say(inbox, "a");
    inbox.end(1006, "x", false);
    expect(inbox.paused).toBe(false);
    expect(pauses).toEqual([true, false]);
  });

  test("is the last: messages after it are not delivered", async () => {
    const { inbox } = await makeConnected();
    inbox.end(1006, "x", false);
    say(inbox, "late");
    await expect(inbox.receive()).resolves.toEqual(disconnect);
  });
});
