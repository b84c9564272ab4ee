import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { eventually, newTopic, soon, Witness } from "../../../conformance/witness.js";
import type { Engine } from "../../../engine/engine.js";
import { redis } from "../../../redis.js";
import { hasRedisServer, RedisServer } from "../redis-server.fixture.js";

describe.runIf(hasRedisServer)("on a real server", () => {
  let server: RedisServer;
  let engine: Engine;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.end());
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    await server.ask("FLUSHALL");
    engine = redis({ url: server.url });
    await engine.start(new Witness(), soon());
  });
  afterEach(async () => {
    await engine.close();
    vi.useRealTimers();
  });

  const leases = async (): Promise<readonly string[]> =>
    (await server.ask("KEYS", "ws:lease:*")) as readonly string[];
  const keyOf = (topic: string): string => `ws:{${topic}}:members`;
  const listed = async (topic: string): Promise<readonly unknown[]> =>
    (await engine.members(topic, soon())).map(({ as }) => as);

  test("a process holds a lease of 12 s, and renews it every 4 s", async () => {
    const [lease = ""] = await leases();
    const left = async (): Promise<number> => Number(await server.ask("PTTL", lease));
    expect(await left()).toBeGreaterThan(10_000);
    expect(await left()).toBeLessThanOrEqual(12_000);
    await server.ask("PEXPIRE", lease, "5000");
    vi.advanceTimersByTime(4_000);
    await eventually(left, (ms) => ms > 5_000);
    expect(await leases()).toEqual([lease]);
  });

  test("a process whose lease was lost takes another one and lists its members again", async () => {
    const topic = newTopic();
    await engine.enter(topic, "1", "ann");
    const [lease = ""] = await leases();
    await server.ask("DEL", lease);
    expect(await listed(topic)).toEqual([]);
    vi.advanceTimersByTime(4_000);
    await eventually(
      () => listed(topic),
      (names) => names.length > 0,
    );
    expect(await listed(topic)).toEqual(["ann"]);
    expect(await leases()).not.toContain(lease);
    await engine.leave(topic, "1");
    expect(await listed(topic)).toEqual([]);
  });

  test("members of a process that is gone are removed when somebody asks", async () => {
    const topic = newTopic();
    await engine.enter(topic, "1", "ann");
    await server.ask("HSET", keyOf(topic), "dead.1/1", '"bob"');
    expect(await server.ask("HLEN", keyOf(topic))).toBe(2);
    expect(await listed(topic)).toEqual(["ann"]);
    await eventually(
      () => server.ask("HLEN", keyOf(topic)),
      (count) => count === 1,
    );
  });

  test("members are kept for a day, and written anew every hour", async () => {
    const topic = newTopic();
    await engine.enter(topic, "1", "ann");
    const left = Number(await server.ask("PTTL", keyOf(topic)));
    expect(left).toBeGreaterThan(86_390_000);
    expect(left).toBeLessThanOrEqual(86_400_000);
    await server.ask("DEL", keyOf(topic));
    vi.advanceTimersByTime(3_600_000);
    expect(await listed(topic)).toEqual(["ann"]);
  });

  test("who closes gives its lease back", async () => {
    expect(await leases()).toHaveLength(1);
    await engine.close();
    expect(await leases()).toEqual([]);
  });

  test("what Redis refuses rejects", async () => {
    await server.ask("CONFIG", "SET", "maxmemory", "1");
    await expect(engine.enter(newTopic(), "1", "ann")).rejects.toThrow(/^redis refused: OOM/);
    vi.advanceTimersByTime(3_600_000);
    await server.ask("CONFIG", "SET", "maxmemory", "0");
  });

  test("to leave twice, or what was never entered, does nothing", async () => {
    const topic = newTopic();
    await engine.leave(topic, "1");
    for (const id of ["1", "2"]) await engine.enter(topic, id, id);
    for (const id of ["1", "1", "3"]) await engine.leave(topic, id);
    expect(await listed(topic)).toEqual(["2"]);
  });
});
