import type { Engine, History, Position } from "../engine/engine.js";
import type { EngineHarness } from "./harness.js";
import type { TestApi } from "./test-api.js";
import { codeOf, eventually, newTopic, open, soon } from "./witness.js";

const history: History = { size: 5, ttl: 60_000 };

/** Publishes the numbers from 1 to `count`, and returns their positions. */
async function fill(engine: Engine, topic: string, count: number, kept = history): Promise<Position[]> {
  const positions: Position[] = [];
  for (let number = 1; number <= count; number += 1) {
    positions.push(await engine.publish(topic, String(number), kept, soon()));
  }
  return positions;
}

/** The messages that were published after the one of that number; `undefined` where they cannot all be given. */
async function after(
  engine: Engine,
  topic: string,
  position: Position | undefined,
  kept = history,
): Promise<readonly string[] | undefined> {
  const past = await engine.past(topic, position ?? { epoch: "", sequence: 0 }, kept, soon());
  return past.recovered ? past.deliveries.map(({ payload }) => payload) : undefined;
}

/** The behaviour that is required of every engine for a topic with a history. */
export function conformHistory<Server>(harness: EngineHarness<Server>, api: TestApi): void {
  const { afterAll, beforeAll, expect, test } = api;
  let server: Server;
  beforeAll(async () => {
    server = await harness.start();
  });
  afterAll(() => harness.end(server));

  test("sequences have no holes and the epoch stays, also where nobody listens", async () => {
    await using one = await open(harness, server);
    const positions = await fill(one.engine, newTopic(), 10);
    const [first] = positions;
    expect(positions).toEqual(
      positions.map((_, index) => ({ epoch: first?.epoch, sequence: Number(first?.sequence) + index })),
    );
  });

  test("who comes back from a position gets exactly what was missed, oldest first", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const positions = await fill(one.engine, topic, 5);
    expect(await after(one.engine, topic, positions[0])).toEqual(["2", "3", "4", "5"]);
    expect(await after(one.engine, topic, positions[3])).toEqual(["5"]);
    expect(await after(one.engine, topic, positions[4])).toEqual([]);
  });

  test("the past is what was delivered: positions and payloads", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const [first] = await fill(one.engine, topic, 5);
    await one.witness.count(topic, 5);
    const past = await one.engine.past(topic, first ?? { epoch: "", sequence: 0 }, history, soon());
    expect(past).toEqual({ recovered: true, deliveries: one.witness.of(topic).slice(1) });
  });

  test("who was there before anything was published can come back, and is given all of it", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const head = await one.engine.subscribe(topic, history, soon());
    expect(head).toEqual({ epoch: expect.stringMatching(/^[0-9a-z]{8}$/), sequence: 0 });
    await one.engine.unsubscribe(topic);
    expect(await after(one.engine, topic, head)).toEqual([]);
    const [first] = await fill(one.engine, topic, 2);
    expect(first).toEqual({ epoch: head?.epoch, sequence: 1 });
    expect(await after(one.engine, topic, head)).toEqual(["1", "2"]);
  });

  test("fault 225: an engine says where a topic with a history stands, where it knows", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const positions = await fill(one.engine, topic, 3);
    expect(await one.engine.head?.(topic, "", history, soon())).toEqual(one.engine.head && positions.at(-1));
  });

  test("who missed more than is kept is told so, to the message", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const positions = await fill(one.engine, topic, 8);
    expect(await after(one.engine, topic, positions[2])).toEqual(["4", "5", "6", "7", "8"]);
    expect(await after(one.engine, topic, positions[1])).toBeUndefined();
  });

  test("a position of another epoch, or one that was not yet reached, can't be come back from", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const [first] = await fill(one.engine, topic, 2);
    const { epoch = "", sequence = 0 } = first ?? {};
    expect(await after(one.engine, topic, { epoch: "another", sequence })).toBeUndefined();
    expect(await after(one.engine, topic, { epoch, sequence: sequence + 7 })).toBeUndefined();
    expect(await after(one.engine, newTopic(), first)).toBeUndefined();
  });

  test("a topic that was published to without a history has none", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const first = await one.engine.publish(topic, "1", undefined, soon());
    await one.engine.publish(topic, "2", undefined, soon());
    expect(await after(one.engine, topic, first)).toBeUndefined();
  });

  test("messages are kept for as long as was asked for", async () => {
    await using one = await open(harness, server);
    const topic = newTopic();
    const brief = { size: 5, ttl: 1_000 };
    const [first] = await fill(one.engine, topic, 2, brief);
    expect(await after(one.engine, topic, first, brief)).toEqual(["2"]);
    const gone = await eventually(
      () => after(one.engine, topic, first, brief),
      (payloads) => payloads === undefined,
    );
    expect(gone).toBeUndefined();
  });

  test("a question about the past that is aborted rejects with its signal's reason", async () => {
    await using one = await open(harness, server);
    const reason = new Error("given up");
    const asking = one.engine.past(
      newTopic(),
      { epoch: "e", sequence: 1 },
      history,
      AbortSignal.abort(reason),
    );
    await expect(asking).rejects.toBe(reason);
  });

  test("topics with and without a history live beside each other", async () => {
    await using one = await open(harness, server);
    const [kept, passing] = [newTopic(), newTopic()];
    await one.engine.subscribe(kept, history, soon());
    await one.engine.subscribe(passing, undefined, soon());
    await one.engine.publish(kept, '"kept"', history, soon());
    await one.engine.publish(passing, '"passing"', undefined, soon());
    await one.witness.count(kept, 1);
    await one.witness.count(passing, 1);
    expect(one.witness.payloads(kept)).toEqual(['"kept"']);
    expect(one.witness.payloads(passing)).toEqual(['"passing"']);
    expect(await codeOf(one.engine.unsubscribe(kept))).toBe("resolved");
  });

  if (harness.second) {
    test("another process can be come back to: numbers are the topic's, whoever published", async () => {
      await using one = await open(harness, server);
      await using other = await open(harness, server);
      const topic = newTopic();
      await other.engine.subscribe(topic, history, soon());
      const first = await one.engine.publish(topic, "1", history, soon());
      const second = await other.engine.publish(topic, "2", history, soon());
      expect(second).toEqual({ epoch: first.epoch, sequence: first.sequence + 1 });
      expect(await after(other.engine, topic, first)).toEqual(["2"]);
      await other.witness.count(topic, 2);
      expect(other.witness.payloads(topic)).toEqual(["1", "2"]);
      expect(await one.engine.subscribe(topic, history, soon())).toEqual(second);
    });
  }
}
