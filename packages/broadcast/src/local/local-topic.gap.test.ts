import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { FakeEngine, settled } from "../engine/engine.fixture.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { scene } from "../topic/scene.fixture.js";

describe("a gap", () => {
  test("a hole in the sequence is told to the broadcast and to the receivers, in its place", async () => {
    const { engine, gaps, seen, broadcast } = await scene();
    engine.tell("t", "e", 1, 2, 5, 6);
    expect(seen).toEqual(["1", "2", "lost 2 after e:2", "5", "6"]);
    expect(gaps).toEqual(["lost 2 after e:2"]);
    expect(broadcast.counters).toMatchObject({ gaps: 1, delivered: 4 });
  });

  test("fault 150: another epoch of a topic is told as a gap of unknown size", async () => {
    const { engine, gaps, seen } = await scene();
    engine.tell("t", "e", 1);
    engine.tell("t", "f", 1, 2);
    expect(seen).toEqual(["1", "epoch ? after e:1", "1", "2"]);
    expect(gaps).toEqual(["epoch ? after e:1"]);
  });

  test("where epochs are the publishers', another one is no gap, and a hole is one of its publisher", async () => {
    const { engine, seen } = await scene({}, new FakeEngine({ order: "publisher" }));
    engine.tell("t", "e", 1);
    engine.tell("t", "f", 1);
    engine.tell("t", "e", 3);
    expect(seen).toEqual(["1", "1", "lost 1 after e:1", "3"]);
  });

  test("what comes twice is counted and dropped", async () => {
    const { engine, seen, broadcast } = await scene();
    engine.tell("t", "e", 1, 2, 2, 1, 3);
    expect(seen).toEqual(["1", "2", "3"]);
    expect(broadcast.counters.duplicates).toBe(2);
  });

  test("a hole right after the head that the engine told at subscribing is one", async () => {
    const { engine, seen } = await scene({}, undefined, { epoch: "e", sequence: 3 });
    engine.tell("t", "e", 3, 5);
    expect(seen).toEqual(["lost 1 after e:3", "5"]);
  });

  test("a topic that is left and joined again begins anew", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const gaps = vi.fn();
    broadcast.on("gap", gaps);
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const leave = topic.join(connection);
    await leave.joined;
    engine.tell("t", "e", 1);
    leave();
    await settled();
    await topic.join(connection).joined;
    engine.tell("t", "e", 7);
    expect(socket.sent).toEqual(["1", "7"]);
    expect(gaps).not.toHaveBeenCalled();
  });
});
