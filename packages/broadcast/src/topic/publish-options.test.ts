import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FakeEngine, settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "./broadcast.js";
import { connected } from "./connection.fixture.js";

describe("publish to all but one", () => {
  test("fault 218: leaves out the connection or the membership that is named, and nobody else", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const [ann, bob, eve] = [await connected(), await connected(), await connected()];
    const memberships = [ann, bob].map(({ connection }) => topic.join(connection));
    await Promise.all(memberships.map(({ joined }) => joined));
    await topic.publish(1, { except: ann.connection });
    await topic.publish(2, { except: memberships[1] });
    await topic.publish(3, { except: eve.connection });
    expect([ann, bob].map(({ socket }) => socket.sent)).toEqual([
      ["2", "3"],
      ["1", "3"],
    ]);
  });

  test("fault 218: names a member of its own process alone, whatever the others number theirs", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    await topic.publish(1, { except: connection });
    const [, payload] = engine.published[0] ?? [];
    expect(payload).toBe("\u001ffake-process.1\u001f1");
    engine.deliver("t", "\u001fother-process.1\u001f2");
    engine.deliver("t", "\u001frubbish");
    await settled();
    expect(socket.sent).toEqual(["2"]);
    expect(broadcast.counters.poisoned).toBe(1);
  });

  test("fault 218: works with a schema that takes its time", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic(
      "t",
      z.number().refine(async () => true),
    );
    const [ann, bob] = [await connected(), await connected()];
    for (const { connection } of [ann, bob]) await topic.join(connection).joined;
    await topic.publish(1, { except: ann.connection });
    await settled();
    expect([ann, bob].map(({ socket }) => socket.sent)).toEqual([[], ["1"]]);
  });

  test.each([
    [{ expect: 1 }, "publish: expected signal, except, idempotencyKey, got expect"],
    [{ except: "ann" }, "publish.except: expected a connection or what join gave, got string"],
    [{ except: null }, "got null"],
    [{ except: () => {} }, "got function"],
    [{ signal: "soon" }, "publish.signal: expected an AbortSignal, got soon"],
    [{ idempotencyKey: "" }, "publish.idempotencyKey: expected 1 to 128"],
    [{ idempotencyKey: "a b" }, "publish.idempotencyKey"],
    [{ idempotencyKey: "x".repeat(129) }, "publish.idempotencyKey"],
    [{ idempotencyKey: 7 }, "publish.idempotencyKey"],
    [null, "publish: expected an object"],
  ])("fault 218: what is no option is a TypeError that says so: %j", async (options, said) => {
    await using broadcast = createBroadcast({ engine: memory() });
    const publishing = broadcast.topic("t", z.number()).publish(1, options as never);
    await expect(publishing).rejects.toThrow(TypeError);
    await expect(publishing).rejects.toThrow(said);
  });
});

describe("a socket that joins a topic twice", () => {
  test("fault 221: is one member, and gets each message once", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const { connection, socket } = await connected();
    const membership = broadcast.topic("t", z.number()).join(connection);
    expect(broadcast.topic("t", z.number()).join(connection, { max: 1 })).toBe(membership);
    await membership.joined;
    const topic = broadcast.topic("t", z.number());
    await topic.publish(1);
    expect(socket.sent).toEqual(["1"]);
    expect(broadcast.counters.members).toBe(1);
    membership();
    const again = topic.join(connection);
    expect(again).not.toBe(membership);
    await again.joined;
    await topic.publish(2);
    expect(socket.sent).toEqual(["1", "2"]);
    expect(() => topic.join(connection, { max: 0 })).toThrow(TypeError);
  });
});

describe("a connection with an encoder of its own", () => {
  test("is sent what it makes; that is made once for all who have it", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.string(), { positions: true });
    const [ann, bob, eve] = [await connected(), await connected(), await connected()];
    let calls = 0;
    const encode = (given: { topic: string; epoch: string; sequence: number; payload: string }): string => {
      calls += 1;
      return `${given.topic} ${given.epoch.length} ${given.sequence} ${given.payload}`;
    };
    for (const { connection } of [ann, bob]) await topic.join(connection, { encode }).joined;
    await topic.join(eve.connection, { encode: ({ payload }) => payload }).joined;
    await topic.publish("é");
    expect([ann, bob, eve].map(({ socket }) => socket.sent)).toEqual([['t 8 1 "é"'], ['t 8 1 "é"'], ['"é"']]);
    expect(calls).toBe(1);
  });

  test("that fails is ended by 1011, the others are not, and the mistake is not hidden", async () => {
    await using broadcast = createBroadcast({ engine: memory() });
    const topic = broadcast.topic("t", z.number());
    const [ann, bob] = [await connected(), await connected()];
    const uncaught = new Promise((resolve) => {
      const listeners = process.rawListeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      process.once("uncaughtException", (error) => {
        for (const listener of listeners) process.on("uncaughtException", listener as never);
        resolve(error);
      });
    });
    await topic.join(ann.connection, { encode: () => 7 as never }).joined;
    await topic.join(bob.connection).joined;
    await topic.publish(1);
    expect([ann, bob].map(({ socket }) => socket.sent)).toEqual([["close 1011"], ["1"]]);
    expect(await uncaught).toMatchObject({
      message: expect.stringContaining("encode: expected a function that gives a string"),
    });
    expect(() => topic.join(bob.connection, { encode: "json" as never })).toThrow("join.encode");
  });
});
