import { describe, expect, test } from "vitest";
import { conformEngine, type EngineHarness, type ServerFaults } from "../../conformance/suite.fixture.js";
import { newTopic } from "../../conformance/witness.js";
import type { Engine } from "../../engine/engine.js";
import { redis } from "../../redis.js";
import { faultless, Load } from "../load.fixture.js";
import { slotOf } from "./cluster/slot.js";
import { RedisCluster } from "./redis-cluster.fixture.js";
import { hasRedisServer } from "./redis-server.fixture.js";

/** How soon after a promotion messages must be delivered again, in ms. */
const whole = 2_000;

function engineOf({ nodes }: RedisCluster, prefix?: string): Engine {
  return redis({ cluster: { nodes }, prefix, connectTimeout: 10_000 });
}

const faults: ServerFaults<RedisCluster> = {
  kill: (cluster) => cluster.kill(),
  restart: (cluster) => cluster.restart(),
  stop: (cluster) => cluster.pause(),
  continue: async (cluster) => cluster.continue(),
};

const harness: EngineHarness<RedisCluster> = {
  start: () => RedisCluster.start(),
  end: (cluster) => cluster.end(),
  engine: engineOf,
  second: true,
  prefixes: true,
  faults,
};

/** A topic on each of the three primaries, each of which has a third of the slots at the start. */
function topicOfEach(cluster: RedisCluster): string[] {
  const names = new Map<number, string>();
  while (names.size < cluster.primaries.length) {
    const name = newTopic();
    names.set(Math.floor(slotOf(`{${name}}`) / (16_384 / cluster.primaries.length)), name);
  }
  return [...names].sort(([one], [other]) => one - other).map(([, name]) => name);
}

describe.runIf(hasRedisServer)("a cluster of three primaries and a replica", () => {
  conformEngine("redis in a cluster", harness);

  describe.each([undefined, { size: 1_000, ttl: 60_000 }])("under load, history %j", (history) => {
    test("fault 217: topics lie on every node, each on that of its slot", async () => {
      await using cluster = await RedisCluster.start();
      const topics = topicOfEach(cluster);
      await using load = await Load.start(() => engineOf(cluster), topics, history);
      for (const [index, { server }] of cluster.primaries.entries()) {
        const channels = await server.ask("PUBSUB", "SHARDCHANNELS", "ws:{*");
        expect(channels).toEqual([`ws:{${topics[index]}}`]);
      }
      expect(await load.end()).toEqual(faultless);
      expect(load.gaps).toBe(0);
    });

    test("fault 217: a primary that is killed under load interrupts its own topics alone, tells what is missing, and they go on within 2 s of the promotion", async () => {
      await using cluster = await RedisCluster.start();
      await using load = await Load.start(() => engineOf(cluster), topicOfEach(cluster), history);
      await cluster.primaries[0]?.server.kill();
      await cluster.promoted();
      expect(await load.back()).toBeLessThan(whole);
      expect(await load.end()).toEqual(faultless);
      expect(load.streams.map(({ came }) => came.includes("gap"))).toEqual([true, false, false]);
      expect(load.streams.slice(1).map(({ taken, next }) => next - taken.size)).toEqual([0, 0]);
    });

    test("fault 217: slots that move to another node under load, to and fro, lose nothing untold, and the epoch stays", async () => {
      await using cluster = await RedisCluster.start();
      const topics = topicOfEach(cluster);
      await using load = await Load.start(() => engineOf(cluster), topics, history);
      const [first, second] = cluster.primaries;
      if (first === undefined || second === undefined) throw new Error("expected two primaries");
      const slot = slotOf(`{${topics[0]}}`);
      for (const [from, to] of [
        [first, second],
        [second, first],
      ] as const) {
        await cluster.move(slot, from, to);
        expect(await load.back()).toBeLessThan(whole);
      }
      expect(await load.end()).toEqual(faultless);
      // A history makes good what came before a process had subscribed at the other node.
      if (history !== undefined) expect(load.gaps).toBe(0);
      expect(load.streams.map(({ taken, next }) => next - taken.size)).toEqual([0, 0, 0]);
    });
  });
});
