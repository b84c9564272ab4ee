import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Deadlines } from "../engine/deadlines.js";
import { FakeEngine, settled } from "../engine/engine.fixture.js";
import { EngineLink } from "../engine/engine-link.js";
import type { BroadcastParts } from "../local/broadcast-parts.js";
import { Events } from "../local/events.js";
import { resolveOptions } from "../local/options.js";
import { Control } from "../processes/control.js";
import { Tally } from "../receivers/counters.js";
import { createBroadcast } from "./broadcast.js";
import { connected } from "./connection.fixture.js";
import { TopicRegistry } from "./topic-registry.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function sharedOf(registry: TopicRegistry): BroadcastParts {
  const ignore = (): void => {};
  const engine = new FakeEngine();
  const listener = { poisoned: ignore, heard: ignore, up: ignore, down: ignore, failed: ignore };
  const link = new EngineLink(engine, registry, false, listener);
  return {
    link,
    limits: resolveOptions({ engine }),
    deadlines: new Deadlines(5_000),
    events: new Events(),
    tally: new Tally(),
    under: { way: 0 },
    count: { members: 0 },
    control: new Control(link, registry),
  };
}

describe("topics of one name", () => {
  test("are one: members, counters, position", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const [one, other] = [broadcast.topic("t", z.number()), broadcast.topic("t", z.number())];
    const { connection, socket } = await connected();
    await one.join(connection).joined;
    await other.publish(1);
    expect(socket.sent).toEqual(["1"]);
    expect(other.counters).toMatchObject({ members: 1, published: 1, delivered: 1 });
    expect(engine.calls).toEqual(["start", "subscribe t"]);
    expect(one.name).toBe("t");
  });

  test("may not have different histories", async () => {
    await using broadcast = createBroadcast({ engine: new FakeEngine() });
    const history = { size: 5, ttl: 1_000 };
    const topic = broadcast.topic("t", z.number(), { history });
    expect(broadcast.topic("t", z.number(), { history: { ...history } }).counters).toBe(topic.counters);
    expect(() => broadcast.topic("t", z.number())).toThrow(
      /^topic t: expected the history that it has \(size 5, ttl 1000\), got none\. Likely mistake: /,
    );
    expect(() => broadcast.topic("t", z.number(), { history: { size: 6, ttl: 1_000 } })).toThrow(TypeError);
    expect(() => broadcast.topic("t", z.number(), { history: { size: 5, ttl: 1_001 } })).toThrow(TypeError);
  });

  test("need a good name and a schema", async () => {
    await using broadcast = createBroadcast({ engine: new FakeEngine() });
    expect(() => broadcast.topic("a b", z.number())).toThrow(
      expect.objectContaining({ code: "ERR_WS_TOPIC_NAME" }),
    );
    // @ts-expect-error: no schema
    expect(() => broadcast.topic("t", {})).toThrow(
      "topic: expected a Standard Schema (zod, valibot, arktype …)",
    );
    // @ts-expect-error: no schema
    expect(() => broadcast.topic("t")).toThrow("got undefined");
  });
});

test("a topic that nobody holds is forgotten; one with members is not", async () => {
  const registry = new TopicRegistry();
  const shared = sharedOf(registry);
  const kept = registry.get("kept", undefined, shared);
  registry.active(registry.get("active", undefined, shared));
  for (let count = 0; count < 1_022; count += 1) registry.get(`room.${count}`, undefined, shared);
  expect(registry.size).toBe(1_024);
  // A reference that was looked at is held until its turn is over.
  await settled();
  collect();
  registry.get("one more", undefined, shared);
  expect(registry.size).toBe(3);
  expect(registry.get("kept", undefined, shared)).toBe(kept);
});

test("while all are held, they are not looked for at each new one", async () => {
  const registry = new TopicRegistry();
  const shared = sharedOf(registry);
  const held = Array.from({ length: 1_500 }, (_, index) => registry.get(`room.${index}`, undefined, shared));
  expect(registry.size).toBe(held.length);
});

test("a topic counts on where it is left and joined again by somebody who holds it", async () => {
  await using broadcast = createBroadcast({ engine: new FakeEngine() });
  const topic = broadcast.topic("t", z.number());
  const { connection } = await connected();
  for (let count = 0; count < 3; count += 1) {
    const leave = topic.join(connection);
    await leave.joined;
    await topic.publish(count);
    leave();
    await settled();
  }
  expect(topic.counters).toMatchObject({ members: 0, published: 3, delivered: 3 });
});
