import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";

describe("the engine's subscription", () => {
  test("is one for all receivers of a topic, and is let go of with the last", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const leaves = await Promise.all(
      [connected(), connected()].map(async (member) => topic.join((await member).connection)),
    );
    const subscription = broadcast.topic("t", z.number()).subscribe();
    await leaves[1]?.joined;
    for (const leave of leaves) leave();
    await settled();
    expect(engine.calls).toEqual(["start", "subscribe t"]);
    await subscription.return();
    await settled();
    expect(engine.calls).toEqual(["start", "subscribe t", "unsubscribe t"]);
  });

  test("is not asked for again before the engine has let go of it", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const letting = gate();
    engine.unsubscribing = () => letting.promise;
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const leave = topic.join(connection);
    await leave.joined;
    leave();
    const { joined } = topic.join(connection);
    await settled();
    expect(engine.calls).toEqual(["start", "subscribe t", "unsubscribe t"]);
    letting.fail(new Error("down"));
    await joined;
    expect(engine.calls.at(-1)).toBe("subscribe t");
    await topic.publish(1);
    expect(socket.sent).toEqual(["1"]);
  });

  test("that comes when everybody has left again is let go of", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const subscribing = gate<undefined>();
    engine.subscribing = () => subscribing.promise;
    const leave = broadcast.topic("t", z.number()).join((await connected()).connection);
    leave();
    expect(await leave.joined).toEqual({ position: undefined, recovered: false });
    subscribing.open(undefined);
    await settled();
    expect(engine.calls).toEqual(["start", "subscribe t", "unsubscribe t"]);
  });

  test("is not asked for where everybody left before the engine was there", async () => {
    const engine = new FakeEngine();
    const starting = gate();
    engine.starting = () => starting.promise;
    await using broadcast = createBroadcast({ engine });
    const leave = broadcast.topic("t", z.number()).join((await connected()).connection);
    leave();
    starting.open();
    await settled();
    expect(engine.calls).toEqual(["start"]);
  });

  test("that is asked for when the broadcast is closed leaves no timer behind", async () => {
    vi.useFakeTimers();
    const engine = new FakeEngine();
    engine.subscribing = (_topic, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const broadcast = createBroadcast({ engine });
    broadcast.topic("t", z.number()).join((await connected()).connection);
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.calls).toContain("subscribe t");
    await broadcast.close();
    await vi.advanceTimersByTimeAsync(0);
    const left = vi.getTimerCount();
    vi.useRealTimers();
    expect(left).toBe(0);
  });

  test("that the engine refuses is tried again within half a second; what is published meanwhile waits", async () => {
    vi.useFakeTimers();
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    let attempts = 0;
    engine.subscribing = async () => {
      attempts += 1;
      if (attempts < 3) throw new Error("busy");
      return undefined;
    };
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const { joined } = topic.join(connection);
    const publishing = topic.publish(1);
    await vi.advanceTimersByTimeAsync(499);
    expect(attempts).toBe(2);
    await vi.advanceTimersByTimeAsync(500);
    vi.useRealTimers();
    await joined;
    await publishing;
    expect(socket.sent).toEqual(["1"]);
  });

  test("that is still asked for is not given up by what the engine says of one before it", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const subscribing = gate<undefined>();
    engine.subscribing = () => subscribing.promise;
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const { joined } = topic.join(connection);
    await settled();
    engine.listener.refused?.("t", new Error("no permission"));
    await settled();
    subscribing.open(undefined);
    expect(await joined).toEqual({ position: undefined, recovered: true });
    await topic.publish(1);
    expect(socket.sent).toEqual(["1"]);
  });
});
