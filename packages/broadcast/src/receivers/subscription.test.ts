import { describe, expect, test } from "vitest";
import { z } from "zod";
import { codeOf } from "../conformance/witness.js";
import { FakeEngine, settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "../topic/broadcast.js";
import type { SubscribeOptions } from "./options.js";
import type { Subscription } from "./subscription.js";

/** A subscription of numbers on an engine that the test speaks for. */
async function subscribed(options: SubscribeOptions<number> = {}): Promise<{
  readonly engine: FakeEngine;
  readonly subscription: Subscription<number>;
  readonly counters: ReturnType<typeof createBroadcast>["counters"];
  readonly tell: (...sequences: readonly number[]) => void;
}> {
  const engine = new FakeEngine();
  const broadcast = createBroadcast({ engine });
  const subscription = broadcast.topic("t", z.number()).subscribe(options);
  await settled();
  const tell = (...sequences: readonly number[]): void => engine.tell("t", "e", ...sequences);
  return { engine, subscription, counters: broadcast.counters, tell };
}

/** As many values as there are, in order. */
async function take(subscription: Subscription<number>, count: number): Promise<readonly number[]> {
  const values: number[] = [];
  while (values.length < count) {
    const result = await subscription.next();
    if (result.done) break;
    values.push(result.value);
  }
  return values;
}

describe("a subscription", () => {
  test("gives every message that is published after it, as the schema makes it", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.string().transform(Number));
    const subscription = topic.subscribe();
    for (const text of ["1", "2", "3"]) await topic.publish(text);
    const seen: number[] = [];
    for await (const value of subscription) {
      seen.push(value);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(subscription.position).toMatchObject({ sequence: 3 });
    expect(subscription.counters).toMatchObject({ delivered: 3 });
    expect(broadcast.counters.delivered).toBe(3);
  });

  test("a loop that is left ends it, and the topic is let go of", async () => {
    const { engine, subscription, tell } = await subscribed();
    tell(1, 2);
    for await (const value of subscription) if (value === 1) break;
    await settled();
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(engine.calls).toEqual(["start", "subscribe t", "unsubscribe t"]);
  });

  test("says where it stands, at each message", async () => {
    const { subscription, tell } = await subscribed();
    expect(subscription.position).toBeUndefined();
    tell(1, 2);
    await subscription.next();
    expect(subscription.position).toEqual({ epoch: "e", sequence: 1 });
  });

  test("those who wait at the same time get one each, in the order of their calls", async () => {
    const { subscription, tell } = await subscribed();
    const waiting = [subscription.next(), subscription.next(), subscription.next()];
    tell(1, 2, 3);
    expect(await Promise.all(waiting)).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });

  test("ends with its signal, at once, also for those who wait; what waited is let go", async () => {
    const controller = new AbortController();
    const { subscription, tell, engine } = await subscribed({ signal: controller.signal });
    const waiting = [subscription.next(), subscription.next()];
    tell(1);
    controller.abort();
    tell(2);
    expect(await Promise.all(waiting)).toEqual([
      { done: false, value: 1 },
      { done: true, value: undefined },
    ]);
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    await settled();
    expect(engine.calls.at(-1)).toBe("unsubscribe t");
  });

  test("with a signal that is aborted already is over", async () => {
    const { subscription, engine } = await subscribed({ signal: AbortSignal.abort() });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    await settled();
    expect(engine.calls).not.toContain("subscribe t");
  });

  test("ends when it is disposed of, and again", async () => {
    const { subscription } = await subscribed();
    {
      await using open = subscription;
      expect(open.position).toBeUndefined();
    }
    expect(await subscription.return()).toEqual({ done: true, value: undefined });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
  });

  test("two of one topic each get every message, and the same object", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.object({ a: z.number() }));
    const [one, other] = [topic.subscribe(), topic.subscribe()];
    await topic.publish({ a: 1 });
    const { value } = await one.next();
    expect(value).toEqual({ a: 1 });
    expect((await other.next()).value).toBe(value);
  });

  test("that begins or ends while a message goes round disturbs nobody", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const late: Subscription<number>[] = [];
    const first = topic.subscribe({
      overflow: "coalesce",
      key: (message) => {
        if (message === 1) late.push(topic.subscribe());
        if (message === 1) void second.return();
        return "";
      },
    });
    const second = topic.subscribe();
    await topic.publish(1);
    await topic.publish(2);
    expect(await late[0]?.next()).toEqual({ done: false, value: 2 });
    expect(await second.next()).toEqual({ done: true, value: undefined });
    expect(await first.next()).toEqual({ done: false, value: 2 });
  });
});

describe("a subscription that is not read as fast as messages come", () => {
  test("throws once what waited was taken, by default at 1,024", async () => {
    const { subscription, tell, counters, engine } = await subscribed();
    tell(...Array.from({ length: 1_025 }, (_, index) => index + 1));
    expect(await take(subscription, 1_024)).toHaveLength(1_024);
    await expect(subscription.next()).rejects.toMatchObject({
      code: "ERR_WS_SUBSCRIPTION_OVERFLOW",
      message: expect.stringMatching(
        /^subscribe: expected at most 1024 messages of t to wait, got one more\. Likely/,
      ),
    });
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(counters.disconnected).toBe(1);
    await settled();
    expect(engine.calls.at(-1)).toBe("unsubscribe t");
  });

  test("by drop-oldest misses the oldest, and is told before what comes next", async () => {
    const gaps: unknown[] = [];
    const { subscription, tell, counters } = await subscribed({
      overflow: "drop-oldest",
      max: 2,
      onGap: ({ reason, missed, after }) => gaps.push([reason, missed, after?.sequence]),
    });
    tell(1, 2, 3, 4, 5);
    expect(gaps).toEqual([]);
    expect(await take(subscription, 2)).toEqual([4, 5]);
    expect(gaps).toEqual([["overflow", 3, undefined]]);
    expect(subscription.counters).toEqual({ delivered: 2, dropped: 3, coalesced: 0, gaps: 0 });
    expect(counters.dropped).toBe(3);
  });

  test("by drop-newest misses the newest, and is told when it waits for more", async () => {
    const gaps: unknown[] = [];
    const { subscription, tell } = await subscribed({
      overflow: "drop-newest",
      max: 2,
      onGap: ({ missed, after }) => gaps.push([missed, after?.sequence]),
    });
    tell(1, 2, 3, 4);
    expect(await take(subscription, 2)).toEqual([1, 2]);
    expect(gaps).toEqual([]);
    const waiting = subscription.next();
    expect(gaps).toEqual([[2, 2]]);
    tell(5);
    expect(await waiting).toMatchObject({ value: 5 });
  });

  test("by coalesce gets the newest of each key", async () => {
    const key = (value: number): string => String(value % 2);
    const { subscription, tell, counters } = await subscribed({ overflow: "coalesce", key });
    tell(1, 2, 3, 4, 5);
    expect(await take(subscription, 2)).toEqual([4, 5]);
    expect(subscription.counters).toMatchObject({ coalesced: 3 });
    expect(counters.coalesced).toBe(3);
  });

  test("is told of a gap of the topic in its place, and may ask for more as it is told", async () => {
    const seen: unknown[] = [];
    const { subscription, tell } = await subscribed({
      onGap: ({ reason, missed }) => {
        seen.push([reason, missed]);
        void subscription.next().then(({ value }) => seen.push(value));
      },
    });
    tell(1, 2, 5, 6);
    expect(await take(subscription, 3)).toEqual([1, 2, 5]);
    await settled();
    expect(seen).toEqual([["lost", 2], 6]);
    expect(subscription.counters.gaps).toBe(1);
  });

  test("what fails is told to one who waits, and all others that it is over", async () => {
    const { subscription, tell } = await subscribed({ max: 1 });
    tell(1, 2);
    const results = [subscription.next(), codeOf(subscription.next()), subscription.next()];
    expect(await Promise.all(results)).toEqual([
      { done: false, value: 1 },
      "ERR_WS_SUBSCRIPTION_OVERFLOW",
      { done: true, value: undefined },
    ]);
  });
});
