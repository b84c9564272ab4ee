import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import type { Gap } from "../receivers/gap.js";
import type { JoinOptions } from "../receivers/options.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import type { Topic } from "../topic/topic.js";

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A topic on memory, and one member of it whose socket does not keep up. */
async function stalled(options: JoinOptions<number>): Promise<{
  readonly topic: Topic<z.ZodNumber>;
  readonly sent: string[];
  readonly membership: ReturnType<Topic<z.ZodNumber>["join"]>;
  readonly publish: (...messages: readonly number[]) => Promise<void>;
  /** Lets the socket go on; what is sent from then on gives what `sending` does. */
  readonly open: (sending?: () => Promise<void>) => Promise<void>;
  readonly counters: ReturnType<typeof createBroadcast>["counters"];
}> {
  const broadcast = createBroadcast({ engine: memory(), maxPendingPublishes: 100_000 });
  const topic = broadcast.topic("t", z.number());
  const { connection, socket } = await connected();
  const membership = topic.join(connection, options);
  await membership.joined;
  const open = socket.stall();
  const publish = async (...messages: readonly number[]): Promise<void> => {
    for (const message of messages) await topic.publish(message);
    await settled();
  };
  const reopen = async (sending?: () => Promise<void>): Promise<void> => {
    open();
    if (sending !== undefined) socket.sending = sending;
    await settled();
  };
  return { topic, sent: socket.sent, membership, publish, open: reopen, counters: broadcast.counters };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a member whose socket does not keep up", () => {
  test("delays nobody else", async () => {
    const { topic, sent, publish } = await stalled({});
    const quick = await connected();
    await topic.join(quick.connection).joined;
    await publish(1, 2, 3);
    expect(sent).toEqual(["1"]);
    expect(quick.socket.sent).toEqual(["1", "2", "3"]);
  });

  test("gets what waited, in order, when it has caught up", async () => {
    const { sent, publish, open, membership, counters } = await stalled({});
    await publish(...numbers(1, 65));
    expect(sent).toEqual(["1"]);
    await open();
    await publish(66);
    expect(sent).toEqual(numbers(1, 66).map(String));
    expect(membership.counters).toEqual({ delivered: 66, dropped: 0, coalesced: 0, gaps: 0 });
    expect(counters).toMatchObject({ delivered: 66, disconnected: 0 });
  });

  test("waits again where its socket fills up again", async () => {
    const { sent, publish, topic } = await stalled({});
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    const openOnce = socket.stall();
    await publish(1, 2, 3, 4);
    let sends = 0;
    const again = gate();
    socket.sending = () => {
      sends += 1;
      return sends === 2 ? again.promise : Promise.resolve();
    };
    const { sending } = socket;
    openOnce();
    socket.sending = sending;
    await settled();
    expect(socket.sent).toEqual(["1", "2", "3"]);
    again.open();
    await settled();
    expect(socket.sent).toEqual(["1", "2", "3", "4"]);
    expect(sent).toEqual(["1"]);
  });

  test("whose send fails when it has caught up is closed with 1011", async () => {
    const { sent, publish, open, counters } = await stalled({});
    await publish(1, 2, 3);
    await open(() => {
      throw new Error("mine");
    });
    expect(sent).toEqual(["1", "close 1011"]);
    expect(counters).toMatchObject({ members: 0, delivered: 1, disconnected: 1 });
  });

  test("fault 151: a slow member is closed with 1013 when more than max wait; that is the default, with 64", async () => {
    const { sent, publish, counters } = await stalled({});
    await publish(...numbers(1, 65));
    expect(sent).toEqual(["1"]);
    await publish(66);
    expect(sent).toEqual(["1", "close 1013"]);
    expect(counters).toMatchObject({ members: 0, disconnected: 1, dropped: 0 });
  });

  test("fault 151: a slow member by drop-oldest misses the oldest, counted, and is told between the messages", async () => {
    const seen: unknown[] = [];
    const onGap = (gap: Gap): void => void seen.push(gap);
    const { sent, publish, open, membership, counters } = await stalled({
      overflow: "drop-oldest",
      max: 2,
      onGap,
    });
    await publish(1, 2, 3, 4, 5);
    expect(seen).toEqual([]);
    await open();
    expect(sent).toEqual(["1", "4", "5"]);
    expect(seen).toEqual([
      { topic: "t", reason: "overflow", missed: 2, after: { epoch: expect.any(String), sequence: 1 } },
    ]);
    expect(membership.counters).toEqual({ delivered: 3, dropped: 2, coalesced: 0, gaps: 0 });
    expect(counters).toMatchObject({ delivered: 3, dropped: 2 });
  });

  test("by drop-newest misses the newest, and is told behind the messages", async () => {
    const seen: string[] = [];
    const { sent, publish, open } = await stalled({
      overflow: "drop-newest",
      max: 2,
      onGap: ({ missed, after }) => seen.push(`${missed} after ${after?.sequence}, having ${sent.length}`),
    });
    await publish(1, 2, 3, 4, 5);
    await open();
    expect(sent).toEqual(["1", "2", "3"]);
    expect(seen).toEqual(["2 after 3, having 3"]);
    await publish(6);
    expect(sent).toEqual(["1", "2", "3", "6"]);
  });

  test("by coalesce gets the newest of each key, and misses the oldest beyond that", async () => {
    const key = (message: number): string => String(message % 10);
    const { sent, publish, open, membership, counters } = await stalled({
      overflow: "coalesce",
      max: 3,
      key,
    });
    await publish(1, 11, 12, 21, 13, 22, 14);
    await open();
    expect(sent).toEqual(["1", "13", "22", "14"]);
    expect(membership.counters).toEqual({ delivered: 4, dropped: 1, coalesced: 2, gaps: 0 });
    expect(counters).toMatchObject({ coalesced: 2, dropped: 1 });
  });

  test("by coalesce with a key that fails is dealt with as if there were none, and the error is uncaught", async () => {
    const uncaught: unknown[] = [];
    const key = (message: number): string => {
      if (message === 2) throw new Error("mine");
      return (message === 3 ? undefined : "k") as string;
    };
    const { sent, publish, open } = await stalled({ overflow: "coalesce", max: 9, key });
    const later = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => uncaught.push(task));
    await publish(1, 2, 3, 4, 5);
    await open();
    later.mockRestore();
    expect(sent).toEqual(["1", "2", "3", "5"]);
    expect(uncaught).toHaveLength(2);
    expect(uncaught[0]).toThrow("mine");
    expect(uncaught[1]).toThrow("key: expected a function that gives a string, got undefined of it");
  });

  test("is judged by what it is at the end of a turn: a burst within one is no overflow", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    // As a middleware does that awaits each send: nobody can see at once that it is done.
    socket.sending = async () => {};
    await topic.join(connection, { max: 4 }).joined;
    await Promise.all(numbers(1, 500).map((number) => topic.publish(number)));
    await settled();
    expect(socket.sent).toEqual(numbers(1, 500).map(String));
    expect(topic.counters).toMatchObject({ disconnected: 0, delivered: 500 });
  });

  test("is judged once a turn, and at the end of it has no more than max waiting", async () => {
    const { topic, sent, open } = await stalled({ overflow: "drop-oldest", max: 2 });
    const later = vi.spyOn(globalThis, "setImmediate");
    await Promise.all(numbers(1, 20).map((number) => topic.publish(number)));
    expect(later).toHaveBeenCalledOnce();
    expect(topic.counters.dropped).toBe(0);
    await settled();
    expect(topic.counters.dropped).toBe(17);
    await open();
    expect(sent).toEqual(["1", "19", "20"]);
  });

  test("once it has caught up, may have a burst again", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection, { overflow: "drop-oldest", max: 2 }).joined;
    const open = socket.stall();
    for (const number of numbers(1, 4)) await topic.publish(number);
    await settled();
    expect(topic.counters.dropped).toBe(1);
    open();
    socket.sending = async () => {};
    await settled();
    await Promise.all(numbers(5, 20).map((number) => topic.publish(number)));
    await settled();
    expect(socket.sent).toEqual(["1", ...numbers(3, 20).map(String)]);
  });

  test("holds 10,000 more than max within a turn and no more", async () => {
    const { topic } = await stalled({ overflow: "drop-newest", max: 2 });
    const publishes = numbers(1, 10_004).map((number) => topic.publish(number));
    expect(topic.counters.dropped).toBe(10_001);
    await Promise.all(publishes);
  });

  test("that leaves lets go of what waited, also within the turn", async () => {
    const { topic, sent, membership, open, counters } = await stalled({ overflow: "drop-oldest", max: 2 });
    await Promise.all(numbers(1, 20).map((number) => topic.publish(number)));
    membership();
    await open();
    expect(sent).toEqual(["1"]);
    expect(counters).toMatchObject({ members: 0, dropped: 0 });
  });

  test("whose connection ends leaves without an error, and what waited is gone", async () => {
    const { topic, sent, publish, open } = await stalled({ overflow: "drop-oldest", max: 2 });
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    const waiting = gate();
    socket.sending = () => waiting.promise;
    await publish(1, 2);
    socket.end();
    waiting.fail(connection.signal.reason);
    await open();
    expect(socket.sent).toEqual(["1"]);
    expect(sent).toEqual(["1", "2"]);
    expect(topic.counters.members).toBe(1);
  });

  test("may leave when it is told of a gap, and gets nothing more", async () => {
    const { sent, publish, open, membership } = await stalled({
      overflow: "drop-oldest",
      max: 2,
      onGap: () => membership(),
    });
    await publish(1, 2, 3, 4, 5);
    await open();
    expect(sent).toEqual(["1"]);
  });

  test("what is published when it is told of a gap comes behind what waits", async () => {
    const { topic, sent, publish, open } = await stalled({
      overflow: "drop-newest",
      max: 2,
      onGap: () => void topic.publish(9),
    });
    await publish(1, 2, 3, 4);
    await open();
    expect(sent).toEqual(["1", "2", "3", "9"]);
  });

  test("is told of a gap of the topic in its place between the messages", async () => {
    const engine = new FakeEngine({ isShared: false });
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const onGap = ({ missed }: Gap): number => socket.sent.push(`missed ${missed}`);
    const { joined, counters } = topic.join(connection, { onGap });
    await joined;
    engine.tell("t", "a", 1);
    const open = socket.stall();
    engine.tell("t", "a", 2, 3, 5);
    open();
    await settled();
    engine.tell("t", "a", 9);
    expect(socket.sent).toEqual(["1", "2", "3", "missed 1", "5", "missed 3", "9"]);
    expect(counters.gaps).toBe(2);
  });
});
