import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { FakeEngine, settled } from "../engine/engine.fixture.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { scene } from "../topic/scene.fixture.js";

describe("what is no message", () => {
  test.each([
    ["no JSON", "{"],
    ["against the schema", '"text"'],
    ["of a lone surrogate", '"\ud800"'],
    ["too large", " ".repeat(65_536) + 1],
  ])("%s is counted, told and dropped; its number is used up", async (_, payload) => {
    const { engine, broadcast, seen, gaps } = await scene();
    const poisoned: unknown[] = [];
    broadcast.on("poisoned", (event) => poisoned.push(event));
    engine.tell("t", "e", 1);
    engine.listener.delivered("t", { epoch: "e", sequence: 2, payload });
    engine.tell("t", "e", 3);
    expect(seen).toEqual(["1", "3"]);
    expect(gaps).toEqual([]);
    expect(poisoned).toEqual([{ topic: "t" }]);
    expect(broadcast.topic("t", z.number()).counters).toMatchObject({ poisoned: 1, delivered: 2 });
  });

  test("fault 156: what the engine can't read is counted for its topic, also where that is not in use", async () => {
    const { engine, broadcast } = await scene();
    const poisoned: unknown[] = [];
    broadcast.on("poisoned", (event) => poisoned.push(event));
    engine.listener.poisoned("t");
    engine.listener.poisoned("unknown");
    expect(poisoned).toEqual([{ topic: "t" }, { topic: "unknown" }]);
    expect(broadcast.counters.poisoned).toBe(2);
    expect(broadcast.topic("t", z.number()).counters.poisoned).toBe(1);
  });

  test("by one schema may be one by another: each has its own readers", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const numbers = broadcast.topic("t", z.number()).subscribe();
    const anything = broadcast.topic("t", z.unknown()).subscribe();
    await settled();
    engine.listener.delivered("t", { epoch: "e", sequence: 1, payload: '"text"' });
    engine.listener.delivered("t", { epoch: "e", sequence: 2, payload: "2" });
    expect((await numbers.next()).value).toBe(2);
    expect([(await anything.next()).value, (await anything.next()).value]).toEqual(["text", 2]);
    expect(broadcast.counters.poisoned).toBe(1);
  });

  test("on memory, members are sent the text as it was checked when it was published", async () => {
    const validate = vi.fn((value: unknown) => ({ value: value as number }));
    const schema = { "~standard": { version: 1, vendor: "test", validate } } as const;
    const engine = new FakeEngine({ isShared: false });
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", schema);
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    await topic.publish(1);
    expect(socket.sent).toEqual(["1"]);
    expect(validate).toHaveBeenCalledOnce();
    const subscription = topic.subscribe();
    const other = topic.subscribe();
    await topic.publish(2);
    expect([(await subscription.next()).value, (await other.next()).value]).toEqual([2, 2]);
    expect(validate).toHaveBeenCalledTimes(3);
  });
});
