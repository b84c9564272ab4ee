import type { Engine, Position } from "../engine/engine.js";
import type { EngineHarness } from "./harness.js";
import type { TestApi } from "./test-api.js";
import { newTopic, open, soon } from "./witness.js";

/** What every engine must report about the positions of topics, and what it must do where several processes use it. */
export function conformPositions<Server>(harness: EngineHarness<Server>, api: TestApi): void {
  const { afterAll, beforeAll, expect, test } = api;
  let server: Server;
  beforeAll(async () => {
    server = await harness.start();
  });
  afterAll(() => harness.end(server));

  const publish = (engine: Engine, topic: string, payload: string): Promise<Position> =>
    engine.publish(topic, payload, undefined, soon());

  test("an epoch has 8 characters", async () => {
    await using one = await open(harness, server);
    expect((await publish(one.engine, newTopic(), "1")).epoch).toMatch(/^[0-9a-z]{8}$/);
  });

  test("fault 225: an engine says where a topic stands, where it knows", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const first = await publish(one.engine, topic, "1");
    expect(await one.engine.head?.(topic, first.epoch, undefined, soon())).toEqual(one.engine.head && first);
    const unknown = await one.engine.head?.(newTopic(), "unknown0", undefined, soon());
    expect(unknown).toBeUndefined();
  });

  test("what is said to all processes is heard by each, this one too", async () => {
    await using one = await open(harness, server);
    await using other = harness.second ? await open(harness, server) : one;
    await one.engine.say?.("é\n{}", soon());
    for (const { witness } of [one, other]) {
      await witness.until(() => witness.all("heard").length > 0);
      expect(witness.all("heard")).toEqual([{ event: "heard", text: "é\n{}" }]);
    }
  });

  test("where positions are the topic's, one that was never published to stands at 0", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const head = await one.engine.subscribe(topic, undefined, soon());
    const first = await publish(one.engine, topic, "1");
    const isTopics = one.engine.order === "topic";
    expect(head).toEqual(isTopics ? { epoch: first.epoch, sequence: 0 } : undefined);
    expect(first.sequence).toBe(1);
  });

  if (harness.second) {
    test("two processes on one server get each other's messages, at the same positions", async () => {
      await using one = await open(harness, server);
      await using other = await open(harness, server);
      const topic = newTopic();
      for (const { engine } of [one, other]) await engine.subscribe(topic, undefined, soon());
      await publish(one.engine, topic, "1");
      await other.witness.count(topic, 1);
      await publish(other.engine, topic, "2");
      for (const { witness } of [one, other]) await witness.count(topic, 2);
      expect(other.witness.payloads(topic)).toEqual(["1", "2"]);
      expect(one.witness.of(topic)).toEqual(other.witness.of(topic));
    });

    test("an engine whose order is the topic's counts over all processes, and says where a topic stands", async () => {
      await using one = await open(harness, server);
      await using other = await open(harness, server);
      const topic = newTopic();
      await one.engine.subscribe(topic, undefined, soon());
      const first = await publish(one.engine, topic, "1");
      const second = await publish(other.engine, topic, "2");
      const isTopics = one.engine.order === "topic";
      expect(second.epoch === first.epoch).toBe(isTopics);
      expect(second.sequence).toBe(isTopics ? first.sequence + 1 : 1);
      expect(await other.engine.subscribe(topic, undefined, soon())).toEqual(isTopics ? second : undefined);
    });
  }

  if (harness.prefixes) {
    test("engines of different prefixes do not see each other", async () => {
      await using one = await open(harness, server, "one");
      await using other = await open(harness, server, "other");
      const topic = newTopic();
      for (const { engine } of [one, other]) await engine.subscribe(topic, undefined, soon());
      await publish(one.engine, topic, '"of one"');
      await publish(other.engine, topic, '"of the other"');
      await one.witness.count(topic, 1);
      await other.witness.count(topic, 1);
      expect(one.witness.payloads(topic)).toEqual(['"of one"']);
      expect(other.witness.payloads(topic)).toEqual(['"of the other"']);
    });
  }
}
