import type { Engine, Position } from "../engine/engine.js";
import type { EngineHarness } from "./harness.js";
import type { TestApi } from "./test-api.js";
import { codeOf, newTopic, open, soon } from "./witness.js";

/** The largest payload for which a broadcast can be configured, in bytes of UTF-8. */
const largest = 1_000_000;

/** The behaviour that is required of every engine for messages without a history. */
export function conformDelivery<Server>(harness: EngineHarness<Server>, api: TestApi): void {
  const { afterAll, beforeAll, expect, test } = api;
  let server: Server;
  beforeAll(async () => {
    server = await harness.start();
  });
  afterAll(() => harness.end(server));

  const publish = (engine: Engine, topic: string, payload: string): Promise<Position> =>
    engine.publish(topic, payload, undefined, soon());

  const numbers = (count: number, of = ""): string[] =>
    Array.from({ length: count }, (_, index) => JSON.stringify(`${of}${index}`));

  test("a publish resolves with a position, also where nobody listens", async () => {
    await using one = await open(harness, server);
    const { epoch, sequence } = await publish(one.engine, newTopic(), "1");
    expect(epoch).toMatch(/^[\x21-\x7e]{1,64}$/);
    expect(Number.isSafeInteger(sequence)).toBe(true);
    expect(sequence).toBeGreaterThanOrEqual(1);
  });

  test("a subscriber gets what is published after subscribe resolved, in the order of the calls, once", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const payloads = numbers(500);
    const positions = await Promise.all(payloads.map((payload) => publish(one.engine, topic, payload)));
    await one.witness.count(topic, payloads.length);
    expect(one.witness.of(topic)).toEqual(
      payloads.map((payload, index) => ({ ...positions[index], payload })),
    );
  });

  test("sequences have no holes, and the epoch stays", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const first = await publish(one.engine, topic, "0");
    for (let count = 1; count < 50; count += 1) {
      expect(await publish(one.engine, topic, String(count))).toEqual({
        epoch: first.epoch,
        sequence: first.sequence + count,
      });
    }
  });

  test("nothing is delivered of a topic that was not subscribed, or is no longer", async () => {
    await using one = await open(harness, server);
    const [topic, last] = [newTopic(), newTopic()];
    await publish(one.engine, topic, '"early"');
    await one.engine.subscribe(topic, undefined, soon());
    await one.engine.subscribe(last, undefined, soon());
    await publish(one.engine, topic, '"heard"');
    await one.witness.count(topic, 1);
    await one.engine.unsubscribe(topic);
    await publish(one.engine, topic, '"late"');
    await publish(one.engine, last, '"last"');
    await one.witness.count(last, 1);
    expect(one.witness.payloads(topic)).toEqual(['"heard"']);
  });

  test("a topic can be subscribed again", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    for (const payload of ["1", "2"]) {
      await one.engine.subscribe(topic, undefined, soon());
      await publish(one.engine, topic, payload);
      await one.witness.until(() => one.witness.payloads(topic).includes(payload));
      await one.engine.unsubscribe(topic);
    }
    expect(one.witness.payloads(topic)).toEqual(["1", "2"]);
  });

  test("two hundred topics do not mix", async () => {
    await using one = await open(harness, server);
    const topics = Array.from({ length: 200 }, newTopic);
    await Promise.all(topics.map((topic) => one.engine.subscribe(topic, undefined, soon())));
    const all = topics.flatMap((topic) => [0, 1].map((at) => [topic, JSON.stringify([topic, at])] as const));
    await Promise.all(all.map(([topic, payload]) => publish(one.engine, topic, payload)));
    await one.witness.until(() => one.witness.all("delivered").length >= all.length);
    for (const topic of topics) {
      expect(one.witness.payloads(topic)).toEqual([JSON.stringify([topic, 0]), JSON.stringify([topic, 1])]);
    }
  });

  test("publishers at the same time each keep their order", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    // Two processes where the engine has several, otherwise two tasks of one process.
    await using other = harness.second ? await open(harness, server) : one;
    const run = async (engine: Engine, name: string): Promise<void> => {
      for (const payload of numbers(200, name)) await publish(engine, topic, payload);
    };
    await Promise.all([run(one.engine, "a"), run(other.engine, "b")]);
    await one.witness.count(topic, 400);
    const payloads = one.witness.payloads(topic);
    expect(payloads.filter((payload) => payload.startsWith('"a'))).toEqual(numbers(200, "a"));
    expect(payloads.filter((payload) => payload.startsWith('"b'))).toEqual(numbers(200, "b"));
  });

  const texts = [
    ["every kind of Unicode", JSON.stringify('\u0000\u001f "\\/ é \u2028\ufeff\uffff 𝄞 👩‍👩‍👧 \ud800')],
    ["ASCII of the largest size", JSON.stringify("x".repeat(largest - 2))],
    ["Unicode of the largest size", JSON.stringify("é".repeat((largest - 2) / 2))],
    ["one character", "0"],
    ["lines", '{\r\n\t"a": [1, 2]\n}\n'],
  ] as const;
  for (const [name, payload] of texts) {
    test(`a payload arrives as it was sent: ${name}`, async () => {
      await using one = await open(harness, server);
      const topic = newTopic();
      await one.engine.subscribe(topic, undefined, soon());
      await publish(one.engine, topic, payload);
      await one.witness.count(topic, 1);
      expect(one.witness.payloads(topic)[0] === payload).toBe(true);
    });
  }

  test("a publish that is aborted rejects with its signal's reason, and goes nowhere", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const reason = new Error("given up");
    const publishing = one.engine.publish(topic, '"aborted"', undefined, AbortSignal.abort(reason));
    await expect(publishing).rejects.toBe(reason);
    await publish(one.engine, topic, '"next"');
    await one.witness.count(topic, 1);
    expect(one.witness.payloads(topic)).toEqual(['"next"']);
  });

  test("close settles what is under way; later calls reject, and nothing more is told", async () => {
    const { engine, witness } = await open(harness, server);
    const topic = newTopic();
    await engine.subscribe(topic, undefined, soon());
    const history = { size: 4, ttl: 60_000 };
    const calls = (): Promise<unknown>[] => [
      publish(engine, topic, "1"),
      engine.subscribe(newTopic(), undefined, soon()),
      engine.past(topic, { epoch: "e", sequence: 1 }, history, soon()),
      engine.enter(topic, "1", "ann"),
      engine.members(topic, soon()),
    ];
    const underWay = Promise.allSettled(calls());
    await Promise.all([engine.close(), engine.close()]);
    await underWay;
    const told = witness.told.length;
    for (const code of await Promise.all(calls().map(codeOf))) expect(code).toBe("ERR_WS_BROADCAST_CLOSED");
    await engine.close();
    await engine.unsubscribe(topic).catch(() => {});
    expect(witness.told.slice(told)).toEqual([]);
  });

  const histories = [
    ["without a history", undefined],
    ["with a history", { size: 10, ttl: 60_000 }],
  ] as const;
  for (const [name, history] of histories) {
    test(`a second publish of an idempotency key is the first: ${name}`, async () => {
      await using one = await open(harness, server);
      // Where positions belong to the publishers, so do the keys.
      const isShared = harness.second && (one.engine.order === "topic" || history !== undefined);
      await using other = isShared ? await open(harness, server) : one;
      const topic = newTopic();
      await one.engine.subscribe(topic, history, soon());
      const once = (engine: Engine, payload: string, key?: string): Promise<Position> =>
        engine.publish(topic, payload, history, soon(), key);
      const both = [once(one.engine, "1", "a"), once(one.engine, "2", "a")];
      const [first, second] = await Promise.all(both);
      expect(second).toEqual(first);
      expect(await once(other.engine, "3", "a")).toEqual(first);
      await once(one.engine, "4", "b");
      await once(other.engine, "5");
      await one.witness.count(topic, 3);
      expect(one.witness.payloads(topic)).toEqual(["1", "4", "5"]);
    });
  }
}
