import { describe, expect, test } from "vitest";
import { conformEngine, type EngineHarness } from "../../conformance/suite.fixture.js";
import { newTopic } from "../../conformance/witness.js";
import type { Engine } from "../../engine/engine.js";
import { redis } from "../../redis.js";
import { faultless, Load } from "../load.fixture.js";
import { tellWithout } from "../real-server.fixture.js";
import { primaryName, WatchedRedis } from "./redis-sentinel.fixture.js";
import { hasRedisServer, redisServer } from "./redis-server.fixture.js";

tellWithout(redisServer, "Redis");

/** How soon after a promotion messages must be delivered again, in ms. */
const whole = 2_000;

function engineOf({ nodes }: WatchedRedis, prefix?: string): Engine {
  return redis({ sentinel: { name: primaryName, nodes }, prefix, connectTimeout: 10_000 });
}

const harness: EngineHarness<WatchedRedis> = {
  start: () => WatchedRedis.start(),
  end: (server) => server.end(),
  engine: engineOf,
  second: true,
  prefixes: true,
};

describe.runIf(hasRedisServer)("with three sentinels", () => {
  conformEngine("redis by sentinels", harness);

  describe.each([undefined, { size: 1_000, ttl: 60_000 }])("under load, history %j", (history) => {
    const topics = (): string[] => [newTopic(), newTopic(), newTopic()];

    test("fault 217: a primary that is killed under load: nobody is dropped, what is missing is told, and it goes on within 2 s of the promotion", async () => {
      await using watched = await WatchedRedis.start();
      await using load = await Load.start(() => engineOf(watched), topics(), history);
      await watched.servers[0].kill();
      await watched.promoted();
      expect(await load.back()).toBeLessThan(whole);
      expect(load.gaps).toBeGreaterThan(0);
      expect(await load.end()).toEqual(faultless);
    });

    test("fault 217: a primary that hangs is left when the sentinels say so, and not only when it does not answer", async () => {
      await using watched = await WatchedRedis.start();
      await using load = await Load.start(() => engineOf(watched), topics(), history);
      await watched.servers[0].pause();
      await watched.promoted();
      expect(await load.back()).toBeLessThan(whole);
      expect(await load.end()).toEqual(faultless);
    });
  });
});
