import { createCluster } from "@redis/client";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { EngineHarness } from "../../conformance/suite.fixture.js";
import { codeOf, eventually, newTopic, type Opened, open, soon, Witness } from "../../conformance/witness.js";
import { type RedisOptions, redis } from "../../redis.js";
import { slotOf } from "./cluster/slot.js";
import { RedisCluster } from "./redis-cluster.fixture.js";
import { hasRedisServer } from "./redis-server.fixture.js";

const history = { size: 10, ttl: 60_000 };

describe.runIf(hasRedisServer)("fault 217: in a cluster of three primaries and a replica", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    // Nobody is to be promoted here but by hand, however busy the machine is.
    cluster = await RedisCluster.start(60_000);
  });
  afterAll(() => cluster.end());

  const optionsOf = ({ nodes }: RedisCluster): RedisOptions => ({
    cluster: { nodes },
    connectTimeout: 30_000,
  });
  const harness: EngineHarness<RedisCluster> = {
    start: async () => cluster,
    end: async () => {},
    engine: (server, prefix) => redis({ ...optionsOf(server), prefix }),
    second: true,
    prefixes: true,
  };

  /** A topic that lies on that primary at the start. */
  const topicOn = (index: number): string => {
    for (;;) {
      const topic = newTopic();
      if (Math.floor((3 * slotOf(`{${topic}}`)) / 16_384) === index) return topic;
    }
  };

  /**
   * Publishes it until it comes. What is published where a topic has just been, or before it is subscribed at its new place, the
   * engine does not deliver: it tells where the topic stands, from which the broadcast makes it good.
   */
  const isDelivered = async ({ engine, witness }: Opened, topic: string, payload: string): Promise<void> => {
    const publish = (): Promise<unknown> => codeOf(engine.publish(topic, payload, history, soon()));
    await eventually(publish, () => witness.payloads(topic).includes(payload));
  };

  test("a client of createCluster is enough, and stays open", async () => {
    const client = createCluster({ rootNodes: cluster.nodes.map((node) => ({ url: `redis://${node}` })) });
    client.on("error", () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    await using one = await open(
      { ...harness, engine: () => redis({ client, connectTimeout: 30_000 }) },
      cluster,
    );
    const topics = [0, 1, 2].map(topicOn);
    for (const topic of topics) {
      await one.engine.subscribe(topic, undefined, soon());
      await isDelivered(one, topic, "1");
    }
    expect(await one.engine.say?.("hello", soon())).toBe(1);
    await one.engine.close();
    expect(await client.get("x")).toBeNull();
  });

  test("nodes are reached where a map says; seeds that are away are done without, and none at all is a clear failure", async () => {
    const named: string[] = [];
    const nodeAddressMap = (address: string): undefined => void named.push(address);
    const nodes = ["127.0.0.1:1", ...cluster.nodes];
    await using one = await open(
      { ...harness, engine: () => redis({ cluster: { nodes }, nodeAddressMap, connectTimeout: 30_000 }) },
      cluster,
    );
    expect(new Set(named)).toEqual(new Set(["127.0.0.1:1", ...cluster.nodes.slice(0, 3)]));
    expect(one.witness.told).toEqual([]);
    const starting = redis({ cluster: { nodes: ["127.0.0.1:1"] }, connectTimeout: 30_000 }).start(
      new Witness(),
      soon(),
    );
    await expect(starting).rejects.toThrow(/no node of the cluster: .*ECONNREFUSED/);
  });

  test("an engine that is closed while it starts leaves nothing", async () => {
    const engine = harness.engine(cluster);
    const starting = engine.start(new Witness(), soon());
    await engine.close();
    await expect(starting).rejects.toMatchObject({ code: "ERR_WS_BROADCAST_CLOSED" });
  });

  test("a slot that moves takes its topic along: the epoch stays, and nothing is interrupted but that topic", async () => {
    await using one = await open(harness, cluster);
    const [topic, other] = [topicOn(0), topicOn(0)];
    for (const name of [topic, other]) await one.engine.subscribe(name, history, soon());
    const before = await one.engine.publish(topic, "1", history, soon());
    const [first, second] = cluster.primaries;
    if (first === undefined || second === undefined) throw new Error("expected two primaries");
    const moving = cluster.move(slotOf(`{${topic}}`), first, second);
    const during = Promise.all(
      ["2", "3", "4"].map((payload) => one.engine.publish(topic, payload, history, soon())),
    );
    await Promise.all([moving, during]);
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    const after = await one.engine.publish(topic, "5", history, soon());
    expect(after).toEqual({ epoch: before.epoch, sequence: 5 });
    await one.witness.until(() => one.witness.payloads(topic).includes("5"));
    expect(await one.engine.past(topic, before, history, soon())).toMatchObject({ recovered: true });
    expect(new Set(one.witness.all("resumed").map(({ topic: name }) => name))).toEqual(new Set([topic]));
    await cluster.move(slotOf(`{${topic}}`), second, first);
    await isDelivered(one, topic, "6");
    expect(one.witness.all("down")).toEqual([]);
  });

  test("a topic whose keys are on the way waits for them", async () => {
    await using one = await open(harness, cluster);
    const topic = topicOn(0);
    await one.engine.publish(topic, "1", undefined, soon());
    const [first, second] = cluster.primaries;
    const slot = String(slotOf(`{${topic}}`));
    await second?.server.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", String(first?.id));
    await first?.server.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", String(second?.id));
    const publishing = one.engine.publish(topic, "2", undefined, soon());
    await eventually(
      async () => first?.server.ask("INFO", "errorstats"),
      (reply) => /TRYAGAIN/.test(String(reply)),
    );
    for (const node of [first, second]) await node?.server.ask("CLUSTER", "SETSLOT", slot, "STABLE");
    expect(await publishing).toMatchObject({ sequence: 2 });
  });

  test("a primary that is killed and started again interrupts its topics alone, and who is listed there is listed again", async () => {
    await using one = await open(harness, cluster);
    const [topic, other] = [topicOn(2), topicOn(1)];
    for (const name of [topic, other]) await one.engine.subscribe(name, undefined, soon());
    await one.engine.enter(topic, "1", "ann");
    const { server } = cluster.primaries[2] ?? {};
    await server?.kill();
    await one.witness.until(() => one.witness.refusals.length > 0);
    expect(one.witness.refusals[0]).toMatch(/can't be reached/);
    expect(await codeOf(one.engine.publish(topic, "1", undefined, soon()))).toBe("ERR_WS_ENGINE_DOWN");
    await one.engine.publish(other, "1", undefined, soon());
    await one.witness.count(other, 1);
    await server?.restart();
    await one.witness.until(() => one.witness.all("resumed").length > 0);
    await isDelivered(one, topic, "2");
    await eventually(
      () => one.engine.members(topic, soon()),
      (members) => members.length === 1,
    );
    expect(one.witness.all("resumed").map(({ topic: name }) => name)).toEqual([topic]);
    expect(one.witness.all("down")).toEqual([]);
  });

  test("a replica that is promoted by hand takes the topics over, and the old primary is left", async () => {
    await using one = await open(harness, cluster);
    const topic = topicOn(0);
    await one.engine.subscribe(topic, history, soon());
    await isDelivered(one, topic, "1");
    await cluster.takeOver();
    await isDelivered(one, topic, "2");
    const channels = (): Promise<unknown> =>
      Promise.resolve(cluster.primaries[0]?.server.ask("PUBSUB", "SHARDCHANNELS", `ws:{${topic}}`));
    await eventually(channels, (found) => String(found) === "");
    expect(new Set(one.witness.payloads(topic))).toEqual(new Set(["1", "2"]));
    expect(one.witness.all("down")).toEqual([]);
  });
});
