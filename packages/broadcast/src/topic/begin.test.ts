import { describe, expect, test } from "vitest";
import { z } from "zod";
import { deliveries, FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import type { Past } from "../engine/engine.js";
import { memory } from "../engines/memory/engine.js";
import type { JoinResult } from "../receivers/join-result.js";
import type { Encode } from "../receivers/message.js";
import { createBroadcast } from "./broadcast.js";
import { connected, type FakeSocket } from "./connection.fixture.js";

const history = { size: 5, ttl: 60_000 };
const encode: Encode = ({ sequence, payload }) => `${sequence}: ${payload}`;
const encodeSkipped: Encode = ({ topic, sequence, payload }) => `${topic} ${sequence} skipped${payload}`;

/** Writes down where a member begins, among what it is sent. */
function begins(socket: FakeSocket): (joined: JoinResult) => void {
  return ({ position, recovered }) =>
    void socket.sent.push(`begins after ${position?.sequence}${recovered ? "" : ", not recovered"}`);
}

describe("where a member begins is told", () => {
  test("at once where the topic is there already, before what is published in the same turn", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number(), { history });
    topic.join((await connected()).connection);
    await topic.publish(7);
    const { connection, socket } = await connected();
    topic.join(connection, { encode, onBegin: begins(socket) });
    void topic.publish(8);
    await settled();
    expect(socket.sent).toEqual(["begins after 1", "2: 8"]);
  });

  test("behind what it missed, and before what came meanwhile", async () => {
    const engine = new FakeEngine();
    const past = gate<Past>();
    engine.asking = () => past.promise;
    const topic = createBroadcast({ engine }).topic("t", z.number(), { history });
    const { connection, socket } = await connected();
    topic.join(connection, { encode, from: { epoch: "e", sequence: 2 }, onBegin: begins(socket) });
    await settled();
    engine.tell("t", "e", 5, 6);
    past.open({ recovered: true, deliveries: deliveries("e", 3, 4, 5) });
    await settled();
    expect(socket.sent).toEqual(["3: 3", "4: 4", "5: 5", "begins after 5", "6: 6"]);
  });

  test("behind the gap where it can't be given what it missed, and before all that came since", async () => {
    const engine = new FakeEngine();
    const past = gate<Past>();
    engine.asking = () => past.promise;
    const topic = createBroadcast({ engine }).topic("t", z.number(), { history });
    topic.join((await connected()).connection);
    await settled();
    engine.tell("t", "e", 7);
    const { connection, socket } = await connected();
    const onGap = ({ reason }: { reason: string }): void => void socket.sent.push(reason);
    const from = { epoch: "e", sequence: 2 };
    const { joined } = topic.join(connection, { encode, from, onGap, onBegin: begins(socket) });
    await settled();
    engine.tell("t", "e", 8);
    past.open({ recovered: false });
    expect(await joined).toEqual({ position: { epoch: "e", sequence: 8 }, recovered: false });
    expect(socket.sent).toEqual(["history", "begins after 7, not recovered", "8: 8"]);
  });

  test("not where it left before", async () => {
    const engine = new FakeEngine();
    const past = gate<Past>();
    engine.asking = () => past.promise;
    const topic = createBroadcast({ engine }).topic("t", z.number(), { history });
    const { connection, socket } = await connected();
    const leave = topic.join(connection, { from: { epoch: "e", sequence: 2 }, onBegin: begins(socket) });
    await settled();
    leave();
    past.open({ recovered: true, deliveries: deliveries("e", 3) });
    expect(await leave.joined).toEqual({ position: undefined, recovered: false });
    expect(socket.sent).toEqual([]);
  });
});

describe("a message that a member does not get", () => {
  test("is sent as its position where it was published except for it", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const other = await connected();
    const membership = topic.join(connection, { encode, encodeSkipped });
    topic.join(other.connection, { encode });
    await topic.publish(1, { except: connection });
    await topic.publish(2);
    expect(socket.sent).toEqual(["t 1 skipped", "2: 2"]);
    expect(other.socket.sent).toEqual(["1: 1", "2: 2"]);
    expect(membership.counters.delivered).toBe(1);
  });

  test("is sent as its position where it is against the schema, live and from the history", async () => {
    const engine = new FakeEngine();
    const bad = { epoch: "e", sequence: 4, payload: '"no"' };
    engine.asking = async () => ({ recovered: true, deliveries: [...deliveries("e", 3), bad] });
    const topic = createBroadcast({ engine }).topic("t", z.number(), { history });
    const { connection, socket } = await connected();
    const silent = await connected();
    const from = { epoch: "e", sequence: 2 };
    topic.join(connection, { encode, encodeSkipped, from });
    topic.join(silent.connection, { encode, from });
    const subscription = topic.subscribe({ from });
    await settled();
    engine.listener.delivered("t", { epoch: "e", sequence: 5, payload: '"no"' });
    engine.tell("t", "e", 6);
    await settled();
    expect(socket.sent).toEqual(["3: 3", "t 4 skipped", "t 5 skipped", "6: 6"]);
    expect(silent.socket.sent).toEqual(["3: 3", "6: 6"]);
    expect([(await subscription.next()).value, (await subscription.next()).value]).toEqual([3, 6]);
  });
});

test("a topic says what is kept of it", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  expect(broadcast.topic("kept", z.number(), { history }).history).toEqual(history);
  expect(broadcast.topic("not", z.number()).history).toBeUndefined();
});

test.each(["encodeSkipped", "onBegin"])("join refuses %s that is no function", async (name) => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const { connection } = await connected();
  expect(() => topic.join(connection, { [name]: 1 })).toThrow(`join.${name}: expected a function, got 1`);
});
