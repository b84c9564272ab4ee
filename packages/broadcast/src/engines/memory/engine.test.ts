import { afterEach, describe, expect, test, vi } from "vitest";
import { conformEngine, type EngineHarness } from "../../conformance/suite.fixture.js";
import { codeOf, newTopic, open, soon, Witness } from "../../conformance/witness.js";
import type { EngineListener, History } from "../../engine/engine.js";
import { memory } from "./engine.js";

const harness: EngineHarness<undefined> = {
  start: async () => undefined,
  end: async () => {},
  engine: () => memory(),
};

conformEngine("memory", harness);

describe("memory, beside that", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const history: History = { size: 2, ttl: 1_000 };

  test("delivers within the call of publish", async () => {
    await using one = await open(harness, undefined);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const publishing = one.engine.publish(topic, "1", undefined, soon());
    expect(one.witness.payloads(topic)).toEqual(["1"]);
    await publishing;
  });

  test("what is published during a delivery comes after it", async () => {
    const engine = memory();
    const seen: string[] = [];
    const listener: EngineListener = {
      delivered: (topic, { payload }) => {
        seen.push(`${payload} begins`);
        if (payload.length < 3) void engine.publish(topic, `${payload}0`, undefined, soon());
        seen.push(`${payload} ends`);
      },
      poisoned: () => {},
      resumed: () => {},
      heard: () => {},
      up: () => {},
      down: () => {},
    };
    await engine.start(listener, soon());
    await engine.subscribe("t", undefined, soon());
    await engine.publish("t", "1", undefined, soon());
    expect(seen).toEqual(["1", "10", "100"].flatMap((payload) => [`${payload} begins`, `${payload} ends`]));
    await engine.close();
  });

  test("says at subscribing where the topic stands", async () => {
    await using one = await open(harness, undefined);
    const topic = newTopic();
    const head = await one.engine.subscribe(topic, history, soon());
    expect(head).toEqual({ epoch: expect.any(String), sequence: 0 });
    const position = await one.engine.publish(topic, "1", history, soon());
    await one.engine.unsubscribe(topic);
    expect(await one.engine.subscribe(topic, history, soon())).toEqual(position);
  });

  test("a topic that nobody listens to begins anew, at another epoch", async () => {
    await using one = await open(harness, undefined);
    const topic = newTopic();
    await one.engine.subscribe(topic, undefined, soon());
    const before = await one.engine.publish(topic, "1", undefined, soon());
    await one.engine.unsubscribe(topic);
    const between = await one.engine.publish(topic, "2", undefined, soon());
    await one.engine.subscribe(topic, undefined, soon());
    const after = await one.engine.publish(topic, "3", undefined, soon());
    expect(new Set([before.epoch, between.epoch, after.epoch]).size).toBe(3);
    expect([before.sequence, between.sequence, after.sequence]).toEqual([1, 1, 1]);
  });

  test("a history outlives its listeners for as long as its newest message, and no longer", async () => {
    vi.useFakeTimers();
    await using one = await open(harness, undefined);
    const topic = newTopic();
    const before = await one.engine.publish(topic, "1", history, soon());
    vi.advanceTimersByTime(900);
    expect((await one.engine.publish(topic, "2", history, soon())).epoch).toBe(before.epoch);
    vi.advanceTimersByTime(900);
    expect((await one.engine.publish(topic, "3", history, soon())).epoch).toBe(before.epoch);
    // The second is too old by now, so what follows the first can't be told.
    vi.advanceTimersByTime(200);
    expect(await one.engine.past(topic, before, history, soon())).toEqual({ recovered: false });
    vi.advanceTimersByTime(800);
    expect((await one.engine.publish(topic, "4", history, soon())).epoch).not.toBe(before.epoch);
  });

  test("a topic with listeners goes on when its history is over", async () => {
    vi.useFakeTimers();
    await using one = await open(harness, undefined);
    const topic = newTopic();
    await one.engine.subscribe(topic, history, soon());
    const before = await one.engine.publish(topic, "1", history, soon());
    vi.advanceTimersByTime(10_000);
    expect(await one.engine.publish(topic, "2", history, soon())).toEqual({ ...before, sequence: 2 });
    await one.engine.unsubscribe(topic);
    vi.advanceTimersByTime(10_000);
    expect((await one.engine.publish(topic, "3", history, soon())).epoch).not.toBe(before.epoch);
  });

  test("no timer is left of what was closed or forgotten", async () => {
    vi.useFakeTimers();
    const { engine } = await open(harness, undefined);
    await engine.publish(newTopic(), "1", history, soon());
    expect(vi.getTimerCount()).toBe(1);
    await engine.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is refused where ws-serve runs several processes, unless each may have topics of its own", async () => {
    vi.stubEnv("WS_WORKERS", "2");
    expect(() => memory()).toThrow(
      /^memory\(\): expected one process, got 2 workers: .*redis\(\) or nats\(\)/,
    );
    expect(memory({ perProcess: true }).name).toBe("memory");
    vi.stubEnv("WS_WORKERS", "1");
    expect(memory().name).toBe("memory");
  });

  test("belongs to one broadcast", async () => {
    await using one = await open(harness, undefined);
    await expect(one.engine.start(new Witness(), soon())).rejects.toThrow(TypeError);
    const unused = memory();
    await unused.close();
    expect(await codeOf(unused.start(new Witness(), soon()))).toBe("ERR_WS_BROADCAST_CLOSED");
    expect(await codeOf(unused.enter("t", "1", "ann"))).toBe("ERR_WS_BROADCAST_CLOSED");
  });

  test("fault 155: who leaves or unsubscribes what was never there is ignored", async () => {
    await using one = await open(harness, undefined);
    expect(await codeOf(one.engine.unsubscribe(newTopic()))).toBe("resolved");
    expect(await codeOf(one.engine.leave(newTopic(), "1"))).toBe("resolved");
  });
});
