import { describe, expect, test } from "vitest";
import { z } from "zod";
import { codeOf } from "../conformance/witness.js";
import { FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import type { Gap } from "../receivers/gap.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { words } from "../topic/scene.fixture.js";

describe("a schema that takes its time to read", () => {
  /** One that reads a message when the test says so. */
  function slow(): { readonly schema: z.ZodType<number>; readonly read: (value: number) => Promise<void> } {
    const reading = new Map<number, ReturnType<typeof gate<boolean>>>();
    const of = (value: number): ReturnType<typeof gate<boolean>> => {
      const known = reading.get(value) ?? gate<boolean>();
      reading.set(value, known);
      return known;
    };
    const read = async (value: number): Promise<void> => {
      of(value).open(value >= 0);
      await settled();
    };
    return { schema: z.number().refine((value) => of(value).promise), read };
  }

  test("keeps the order of messages and gaps", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const { schema, read } = slow();
    const { connection, socket } = await connected();
    const onGap = (gap: Gap): void => void socket.sent.push(words(gap));
    await broadcast.topic("t", schema).join(connection, { onGap }).joined;
    engine.tell("t", "e", 1, 2, 4);
    engine.tell("t", "f", 5);
    await read(4);
    await read(2);
    expect(socket.sent).toEqual([]);
    await read(1);
    expect(socket.sent).toEqual(["1", "2", "lost 1 after e:2", "4", "epoch ? after e:4"]);
    await read(5);
    engine.tell("t", "f", 6);
    await read(6);
    expect(socket.sent.slice(5)).toEqual(["5", "6"]);
  });

  test("a gap at the end is told when all before it was read; what is bad is dropped", async () => {
    const engine = new FakeEngine({ order: "topic" });
    await using broadcast = createBroadcast({ engine });
    const { schema, read } = slow();
    const { connection, socket } = await connected();
    const onGap = (gap: Gap): void => void socket.sent.push(words(gap));
    await broadcast.topic("t", schema).join(connection, { onGap }).joined;
    engine.listener.delivered("t", { epoch: "e", sequence: 1, payload: "-1" });
    engine.listener.resumed("t", { epoch: "e", sequence: 2 });
    expect(socket.sent).toEqual([]);
    await read(-1);
    expect(socket.sent).toEqual(["interrupted 1 after e:1"]);
    expect(broadcast.counters.poisoned).toBe(1);
  });

  test("what is seen at once to be bad is dropped in its turn", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const { schema, read } = slow();
    const { connection, socket } = await connected();
    await broadcast.topic("t", schema).join(connection).joined;
    engine.tell("t", "e", 1);
    engine.listener.delivered("t", { epoch: "e", sequence: 2, payload: "{" });
    engine.tell("t", "e", 3);
    await read(1);
    expect(broadcast.counters.poisoned).toBe(1);
    await read(3);
    expect(socket.sent).toEqual(["1", "3"]);
  });

  test("a member that joins meanwhile gets nothing that was published before", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const { schema, read } = slow();
    const topic = broadcast.topic("t", schema);
    const [early, late] = await Promise.all([connected(), connected()]);
    await topic.join(early.connection).joined;
    const earlyReader = topic.subscribe();
    engine.tell("t", "e", 1, 2);
    const { position } = await topic.join(late.connection).joined;
    const lateReader = topic.subscribe();
    expect(position).toEqual({ epoch: "e", sequence: 2 });
    engine.tell("t", "e", 3);
    for (const value of [1, 2, 3]) await read(value);
    expect(early.socket.sent).toEqual(["1", "2", "3"]);
    expect(late.socket.sent).toEqual(["3"]);
    expect((await earlyReader.next()).value).toBe(1);
    expect((await lateReader.next()).value).toBe(3);
  });

  test("as many as 10,000 wait for it; beyond, the oldest are dropped and told", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const { schema, read } = slow();
    const { connection, socket } = await connected();
    const gaps: string[] = [];
    const topic = broadcast.topic("t", schema);
    await topic.join(connection, { max: 20_000, onGap: (gap) => void gaps.push(words(gap)) }).joined;
    engine.tell("t", "e", ...Array.from({ length: 10_003 }, (_, index) => index + 1));
    await read(1);
    await read(4);
    expect(socket.sent).toEqual(["1", "4"]);
    expect(gaps).toEqual(["overflow 2 after e:1"]);
    expect(topic.counters.dropped).toBe(2);
  });

  test("what is left when everybody has gone is forgotten", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const { schema, read } = slow();
    const { connection, socket } = await connected();
    const leave = broadcast.topic("t", schema).join(connection);
    await leave.joined;
    engine.tell("t", "e", 1, 2);
    leave();
    await read(1);
    await read(2);
    expect(socket.sent).toEqual([]);
    expect(await codeOf(broadcast.close())).toBe("resolved");
  });
});
