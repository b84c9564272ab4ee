import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { deliveries, FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import type { Past } from "../engine/engine.js";
import { memory } from "../engines/memory/engine.js";
import type { Gap } from "../receivers/gap.js";
import type { JoinOptions } from "../receivers/options.js";
import { type Broadcast, createBroadcast } from "../topic/broadcast.js";
import { connected, type FakeSocket } from "../topic/connection.fixture.js";
import type { Membership, Topic } from "../topic/topic.js";

const history = { size: 5, ttl: 60_000 };
const recovered = (...sequences: readonly number[]): Past => ({
  recovered: true,
  deliveries: deliveries("e", ...sequences),
});
const after = (sequence: number): { readonly epoch: string; readonly sequence: number } => ({
  epoch: "e",
  sequence,
});

interface Scene {
  readonly engine: FakeEngine;
  readonly broadcast: Broadcast;
  readonly topic: Topic<z.ZodNumber>;
  readonly socket: FakeSocket;
  readonly membership: Membership;
  /** What the engine is asked for the past answers with. */
  readonly past: ReturnType<typeof gate<Past>>;
}

/** A member that comes back after the second message; the engine's answer is the test's. */
async function comingBack(options: JoinOptions<number> = {}): Promise<Scene> {
  const engine = new FakeEngine();
  const past = gate<Past>();
  engine.asking = () => past.promise;
  const broadcast = createBroadcast({ engine });
  const topic = broadcast.topic("t", z.number(), { history });
  const { connection, socket } = await connected();
  const onGap = ({ reason, missed, after }: Gap): void =>
    void socket.sent.push(`${reason} ${missed ?? "?"} after ${after?.sequence}`);
  const membership = topic.join(connection, { from: after(2), onGap, ...options });
  await settled();
  return { engine, broadcast, topic, socket, membership, past };
}

describe("a member that joins without a position", () => {
  test("begins where the topic stands", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number(), { history });
    expect(await topic.join((await connected()).connection).joined).toEqual({
      position: { epoch: expect.any(String), sequence: 0 },
      recovered: true,
    });
    const position = await topic.publish(1);
    const { connection, socket } = await connected();
    expect(await topic.join(connection).joined).toEqual({ position, recovered: true });
    await topic.publish(2);
    expect(socket.sent).toEqual(["2"]);
  });

  test("is told the head that the engine knows", async () => {
    const engine = new FakeEngine();
    engine.subscribing = async () => ({ epoch: "e", sequence: 7 });
    await using broadcast = createBroadcast({ engine });
    const { joined } = broadcast.topic("t", z.number()).join((await connected()).connection);
    expect(await joined).toEqual({ position: { epoch: "e", sequence: 7 }, recovered: true });
  });

  test("while the subscription is interrupted, waits until it is whole", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    await topic.join((await connected()).connection).joined;
    engine.listener.down("reset");
    const joined = vi.fn();
    const joining = topic.join((await connected()).connection).joined.then(joined);
    await settled();
    engine.listener.up();
    await settled();
    expect(joined).not.toHaveBeenCalled();
    engine.listener.resumed("t", after(3));
    await joining;
    expect(joined).toHaveBeenCalledWith({ position: after(3), recovered: true });
  });

  test("is told none where positions are each publisher's own, unless there is a history", async () => {
    const engine = new FakeEngine({ order: "publisher" });
    engine.subscribing = async () => ({ epoch: "e", sequence: 7 });
    await using broadcast = createBroadcast({ engine });
    const { connection } = await connected();
    const bare = broadcast.topic("bare", z.number()).join(connection);
    expect(await bare.joined).toEqual({ position: undefined, recovered: true });
    const kept = broadcast.topic("kept", z.number(), { history }).join(connection);
    expect(await kept.joined).toEqual({ position: { epoch: "e", sequence: 7 }, recovered: true });
  });
});

describe("a member that comes back from a position", () => {
  test("gets exactly what it missed, then what is published, on memory", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number(), { history });
    const from = await topic.publish(1);
    const position = await topic.publish(2);
    const { connection, socket } = await connected();
    const { joined } = topic.join(connection, { from });
    await topic.publish(3);
    expect(await joined).toEqual({ position, recovered: true });
    await topic.publish(4);
    expect(socket.sent).toEqual(["2", "3", "4"]);
    expect(topic.counters).toMatchObject({ delivered: 3, duplicates: 0 });
  });

  test("is subscribed before the past is asked for; what is in both comes once, in order", async () => {
    const { engine, socket, membership, past } = await comingBack();
    expect(engine.calls).toEqual(["start", "subscribe t", "past t e:2"]);
    engine.tell("t", "e", 4, 5, 6);
    expect(socket.sent).toEqual([]);
    past.open(recovered(3, 4, 5));
    expect(await membership.joined).toEqual({ position: after(5), recovered: true });
    await settled();
    engine.tell("t", "e", 7);
    expect(socket.sent).toEqual(["3", "4", "5", "6", "7"]);
    expect(membership.counters.delivered).toBe(5);
  });

  test("gets what lies in its past no second time, also where it comes late", async () => {
    const { engine, socket, membership, past } = await comingBack();
    past.open(recovered(3, 4));
    await membership.joined;
    engine.tell("t", "e", 3, 4, 5, 6);
    expect(socket.sent).toEqual(["3", "4", "5", "6"]);
  });

  test("that missed nothing is recovered", async () => {
    const { membership, socket, past } = await comingBack();
    past.open(recovered());
    expect(await membership.joined).toEqual({ position: after(2), recovered: true });
    expect(socket.sent).toEqual([]);
  });

  test("is told where it can't: what is published since goes on", async () => {
    const { engine, socket, membership, past } = await comingBack();
    engine.tell("t", "e", 9);
    past.open({ recovered: false });
    expect(await membership.joined).toEqual({ position: after(9), recovered: false });
    engine.tell("t", "e", 10);
    expect(socket.sent).toEqual(["history ? after 2", "9", "10"]);
    expect(membership.counters.gaps).toBe(1);
  });

  test("is told so too where the engine fails", async () => {
    const { membership, past } = await comingBack();
    past.fail(new Error("down"));
    expect(await membership.joined).toEqual({ position: undefined, recovered: false });
  });

  test("while the engine is down, waits until it is back", async () => {
    const engine = new FakeEngine();
    engine.asking = async () => recovered(3);
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number(), { history });
    await topic.join((await connected()).connection).joined;
    engine.listener.down("reset");
    const { connection, socket } = await connected();
    const { joined } = topic.join(connection, { from: after(2) });
    await settled();
    expect(engine.calls).toEqual(["start", "subscribe t"]);
    engine.listener.up();
    await settled();
    expect(engine.calls).toEqual(["start", "subscribe t"]);
    engine.listener.resumed("t", after(3));
    expect(await joined).toEqual({ position: after(3), recovered: true });
    expect(socket.sent).toEqual(["3"]);
  });

  test("is not told of a gap where the engine is away while the past is read, but gets it when that is back", async () => {
    const { engine, membership, past, socket } = await comingBack();
    engine.listener.down("reset");
    past.fail(new Error("reset"));
    await settled();
    engine.asking = async () => recovered(3, 4);
    engine.listener.up();
    engine.listener.resumed("t", after(4));
    expect(await membership.joined).toEqual({ position: after(4), recovered: true });
    engine.tell("t", "e", 5);
    expect(socket.sent).toEqual(["3", "4", "5"]);
  });

  test("that leaves while the engine is away is told of nothing", async () => {
    const { engine, membership, past, socket } = await comingBack();
    engine.listener.down("reset");
    past.fail(new Error("reset"));
    await settled();
    membership();
    expect(await membership.joined).toEqual({ position: undefined, recovered: false });
    expect(socket.sent).toEqual([]);
  });

  test("that leaves before the topic was subscribed gets nothing", async () => {
    const engine = new FakeEngine();
    const subscribing = gate<undefined>();
    engine.subscribing = () => subscribing.promise;
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number(), { history });
    const membership = topic.join((await connected()).connection, { from: after(2) });
    await settled();
    membership();
    expect(await membership.joined).toEqual({ position: undefined, recovered: false });
    subscribing.open(undefined);
    expect(engine.calls).not.toContain("past t e:2");
  });

  test("that leaves meanwhile gets nothing", async () => {
    const { membership, socket, past } = await comingBack();
    membership();
    past.open(recovered(3));
    expect(await membership.joined).toEqual({ position: undefined, recovered: false });
    expect(socket.sent).toEqual([]);
  });

  test("whose connection ends while the past is sent gets no more", async () => {
    const { membership, socket, past } = await comingBack();
    socket.sending = () => {
      if (socket.sent.length === 1) socket.end();
      return Promise.resolve();
    };
    past.open(recovered(3, 4, 5));
    await membership.joined;
    expect(socket.sent).toEqual(["3", "4"]);
  });

  test("what is bad in the past is dropped and counted", async () => {
    const { membership, socket, past, broadcast } = await comingBack();
    past.open({
      recovered: true,
      deliveries: [{ epoch: "e", sequence: 3, payload: '"text"' }, ...deliveries("e", 4)],
    });
    expect(await membership.joined).toEqual({ position: after(4), recovered: true });
    expect(socket.sent).toEqual(["4"]);
    expect(broadcast.counters.poisoned).toBe(1);
  });

  test("gets a past that is longer than max at its own pace, and is not too slow for it", async () => {
    const { engine, membership, socket, past, broadcast } = await comingBack({ max: 1 });
    const open = socket.stall();
    past.open(recovered(3, 4, 5));
    await settled();
    engine.tell("t", "e", 6, 7, 8);
    await settled();
    expect(socket.sent).toEqual(["3"]);
    open();
    await membership.joined;
    expect(socket.sent).toEqual(["3", "4", "5", "6", "7", "8"]);
    expect(broadcast.counters).toMatchObject({ disconnected: 0, delivered: 6 });
  });

  test("whose socket fails while the past is sent is closed", async () => {
    const { membership, socket, past } = await comingBack();
    socket.sending = () => Promise.reject(new Error("mine"));
    past.open(recovered(3, 4));
    await membership.joined;
    expect(socket.sent).toEqual(["3", "close 1011"]);
  });
});

describe("a subscription that comes back from a position", () => {
  test("gives exactly what it missed, then what is published, once", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number(), { history });
    const from = await topic.publish(1);
    for (const number of [2, 3]) await topic.publish(number);
    const subscription = topic.subscribe({ from });
    await topic.publish(4);
    const seen = [await subscription.next(), await subscription.next(), await subscription.next()];
    expect(seen.map(({ value }) => value)).toEqual([2, 3, 4]);
    expect(subscription.position).toEqual({ ...from, sequence: 4 });
  });

  test("is told where it can't", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number(), { history });
    const gaps: Gap[] = [];
    const from = { epoch: "another", sequence: 7 };
    const subscription = topic.subscribe({ from, onGap: (gap) => gaps.push(gap) });
    const waiting = subscription.next();
    await settled();
    await topic.publish(1);
    expect(await waiting).toMatchObject({ value: 1 });
    expect(gaps).toEqual([{ topic: "t", reason: "history", missed: undefined, after: from }]);
  });

  test("is not too slow for what comes while it can't be read, and is again when it has caught up", async () => {
    const engine = new FakeEngine();
    const past = gate<Past>();
    engine.asking = () => past.promise;
    await using broadcast = createBroadcast({ engine });
    const subscription = broadcast.topic("t", z.number(), { history }).subscribe({ from: after(2), max: 2 });
    await settled();
    engine.tell("t", "e", 3, 4, 5, 6, 7, 8);
    past.open(recovered(3, 4));
    await settled();
    engine.tell("t", "e", 9, 10);
    const seen: unknown[] = [];
    for (let count = 0; count < 8; count += 1) seen.push((await subscription.next()).value);
    expect(seen).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    engine.tell("t", "e", 11, 12, 13);
    for (let count = 0; count < 2; count += 1) await subscription.next();
    await expect(subscription.next()).rejects.toMatchObject({ code: "ERR_WS_SUBSCRIPTION_OVERFLOW" });
  });

  test("that ends meanwhile gives nothing", async () => {
    const engine = new FakeEngine();
    const past = gate<Past>();
    engine.asking = () => past.promise;
    await using broadcast = createBroadcast({ engine });
    const subscription = broadcast.topic("t", z.number(), { history }).subscribe({ from: after(2) });
    const waiting = subscription.next();
    await settled();
    await subscription.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    past.open(recovered(3));
    await settled();
    expect(await subscription.next()).toEqual({ done: true, value: undefined });
    expect(broadcast.counters.delivered).toBe(0);
  });
});
