import { describe, expect, test } from "vitest";
import { conformEngine, type EngineHarness } from "../../conformance/suite.fixture.js";
import { newTopic, open, soon } from "../../conformance/witness.js";
import type { Engine } from "../../engine/engine.js";
import { nats } from "../../nats.js";
import { faultless, Load } from "../load.fixture.js";
import { NatsCluster } from "./nats-cluster.fixture.js";
import { hasNatsServer, type NatsServer } from "./nats-server.fixture.js";

/** How soon after a fault messages must be delivered again, in ms. */
const whole = 2_000;
const history = { size: 1_000, ttl: 60_000 };

function engineOf({ urls }: NatsCluster, prefix?: string): Engine {
  return nats({ servers: urls, prefix, replicas: 3, connectTimeout: 10_000 });
}

const harness: EngineHarness<NatsCluster> = {
  start: async () => {
    const cluster = await NatsCluster.start();
    await using one = await open({ ...harness, start: async () => cluster }, cluster);
    await cluster.led(() => one.engine.publish(newTopic(), "1", history, soon(2_000)));
    return cluster;
  },
  end: (cluster) => cluster.end(),
  engine: engineOf,
  second: true,
  prefixes: true,
};

describe.runIf(hasNatsServer)("a cluster of three servers", { timeout: 120_000 }, () => {
  conformEngine("NATS in a cluster", harness);

  test.each<[string, (server: NatsServer) => unknown]>([
    ["that is killed", (server) => server.kill()],
    ["that is drained, by lame duck", (server) => server.drain()],
  ])(
    "fault 217: every server in turn %s under load, and started again: nobody is dropped, what is missing is told, and it goes on within 2 s",
    async (_, fault) => {
      await using cluster = await NatsCluster.start();
      const topics = [newTopic(), newTopic(), newTopic()];
      await using load = await Load.start(() => engineOf(cluster), topics);
      for (const server of cluster.servers) {
        await fault(server);
        expect(await load.back()).toBeLessThan(whole);
        await server.restart(server.configuration);
      }
      expect(await load.end()).toEqual(faultless);
    },
  );

  test("fault 217: a history on three servers outlives the loss of any one of them", async () => {
    await using cluster = await harness.start();
    await using load = await Load.start(() => engineOf(cluster), [newTopic(), newTopic()], history);
    for (const server of cluster.servers.slice(0, 1)) {
      await server.kill();
      await load.back();
      await server.restart(server.configuration);
    }
    expect(await load.end()).toEqual(faultless);
  });
});
