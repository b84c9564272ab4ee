import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineHarness } from "../../conformance/suite.fixture.js";
import { newTopic, open, soon, Witness } from "../../conformance/witness.js";
import { redis } from "../../redis.js";
import { tellWithout } from "../real-server.fixture.js";
import { primaryName, WatchedRedis } from "./redis-sentinel.fixture.js";
import { hasRedisServer, redisServer } from "./redis-server.fixture.js";

tellWithout(redisServer, "Redis");

const history = { size: 10, ttl: 60_000 };

describe.runIf(hasRedisServer)("fault 217: with three sentinels", () => {
  let watched: WatchedRedis;
  beforeAll(async () => {
    watched = await WatchedRedis.start();
  });
  afterAll(() => watched.end());

  const harness: EngineHarness<WatchedRedis> = {
    start: async () => watched,
    end: async () => {},
    engine: ({ nodes }, prefix) =>
      redis({ sentinel: { name: primaryName, nodes }, prefix, connectTimeout: 30_000 }),
    second: true,
    prefixes: true,
  };

  test("a name that the sentinels don't know, and sentinels that are away, are clear failures", async () => {
    const { nodes } = watched;
    const said = async (name: string, of: readonly string[]): Promise<string> => {
      const starting = redis({ sentinel: { name, nodes: of }, connectTimeout: 30_000 }).start(
        new Witness(),
        soon(),
      );
      return await starting.then(
        () => "started",
        (error: Error) => error.message,
      );
    };
    expect(await said("nobody", nodes)).toMatch(
      /no sentinel says where nobody is: .*No such master with that name/,
    );
    expect(await said(primaryName, ["127.0.0.1:1"])).toMatch(
      /no sentinel says where topics is: .*ECONNREFUSED/,
    );
  });

  test("an engine that is closed while sentinels are asked leaves nothing", async () => {
    const engine = harness.engine(watched);
    const starting = engine.start(new Witness(), soon());
    await engine.close();
    await expect(starting).rejects.toMatchObject({ code: "ERR_WS_BROADCAST_CLOSED" });
  });

  test("a sentinel that ends is done without, and the next failover is followed: positions begin another epoch", async () => {
    await using one = await open(harness, watched);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const before = await one.engine.publish(topic, "1", history, soon());
    const [first, second] = watched.sentinels;
    await first?.kill();
    await second?.ask("SENTINEL", "FAILOVER", primaryName);
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    expect(one.witness.all("down")).toHaveLength(1);
    const after = await one.engine.publish(topic, "2", history, soon());
    expect(after.epoch).not.toBe(before.epoch);
    await one.witness.count(topic, 2);
    expect(one.witness.payloads(topic)).toEqual(["1", "2"]);
  });
});
