import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { deliveries, FakeEngine, gate, settled } from "../engine/engine.fixture.js";
import type { Past } from "../engine/engine.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { scene } from "../topic/scene.fixture.js";

const history = { size: 9, ttl: 1_000 };
const recovered = (...sequences: readonly number[]): Past => ({
  recovered: true,
  deliveries: deliveries("e", ...sequences),
});

describe("after an interruption", () => {
  test.each([2, 1])(
    "a topic that stands at 2 or before it (%d), as far as it had come, has missed nothing",
    async (at) => {
      const { engine, seen, gaps } = await scene();
      engine.tell("t", "e", 1, 2);
      engine.listener.down("reset");
      engine.listener.up();
      engine.listener.resumed("t", { epoch: "e", sequence: at });
      engine.tell("t", "e", 3);
      expect(seen).toEqual(["1", "2", "3"]);
      expect(gaps).toEqual([]);
    },
  );

  test("one that stands further has missed as many, and goes on from there", async () => {
    const { engine, seen } = await scene();
    engine.tell("t", "e", 1, 2);
    engine.listener.resumed("t", { epoch: "e", sequence: 5 });
    engine.tell("t", "e", 5, 6);
    expect(seen).toEqual(["1", "2", "interrupted 3 after e:2", "6"]);
  });

  test("one that was interrupted alone has missed what its position says, and one that nobody has here has missed nothing", async () => {
    const { engine, seen } = await scene();
    engine.tell("t", "e", 1);
    engine.listener.interrupted?.("t");
    engine.listener.interrupted?.("of nobody here");
    engine.listener.resumed("t", { epoch: "e", sequence: 2 });
    engine.tell("t", "e", 3);
    expect(seen).toEqual(["1", "interrupted 1 after e:1", "3"]);
  });

  test("one of another epoch has missed nobody knows what, and that is told once", async () => {
    const { engine, seen } = await scene();
    engine.tell("t", "e", 1, 2);
    engine.listener.resumed("t", { epoch: "f", sequence: 5 });
    engine.tell("t", "f", 6);
    expect(seen).toEqual(["1", "2", "interrupted ? after e:2", "6"]);
  });

  test("one of which the engine can't tell may have missed some, and that is told once", async () => {
    const { engine, seen } = await scene();
    engine.tell("t", "e", 1, 2);
    engine.listener.resumed("t", undefined);
    engine.tell("t", "e", 5, 7);
    expect(seen).toEqual(["1", "2", "interrupted ? after e:2", "5", "lost 1 after e:5", "7"]);
  });

  test("one of which nothing had come may have missed some too", async () => {
    const { engine, seen } = await scene({ history });
    engine.listener.resumed("t", { epoch: "e", sequence: 3 });
    engine.tell("t", "e", 4);
    expect(seen).toEqual(["interrupted ?", "4"]);
    expect(engine.calls).not.toContain("past t");
  });

  test("what comes before it is known where the topic stands follows what is told of the interruption", async () => {
    const { engine, seen } = await scene({}, new FakeEngine({ order: "publisher" }));
    engine.tell("t", "ann", 1);
    engine.listener.down("reset");
    engine.tell("t", "bob", 4);
    engine.listener.up();
    engine.tell("t", "ann", 2);
    expect(seen).toEqual(["1"]);
    engine.listener.resumed("t", undefined);
    engine.tell("t", "bob", 5);
    expect(seen).toEqual(["1", "interrupted ? after ann:1", "4", "2", "5"]);
  });

  test.each([
    ["that stands where the last of them does", 10_002, "interrupted 5000 after e:1"],
    ["that stands where it stood", 1, "lost 5000 after e:1"],
  ])(
    "of a topic %s as many as 10,000 messages are held meanwhile; beyond, the older half goes and is told",
    async (_, at, told) => {
      const { engine, gaps, broadcast } = await scene();
      engine.tell("t", "e", 1);
      engine.listener.down("reset");
      engine.tell("t", "e", ...Array.from({ length: 10_001 }, (_, index) => index + 2));
      engine.listener.resumed("t", { epoch: "e", sequence: at });
      expect(gaps).toEqual([told]);
      expect(broadcast.counters.delivered).toBe(5_002);
    },
  );

  test("a topic that everybody left and somebody joined meanwhile begins anew, and is not held", async () => {
    const { engine, broadcast, gaps, leave } = await scene({ history });
    engine.asking = async () => recovered(2, 3);
    const { connection, socket } = await connected();
    engine.tell("t", "e", 1);
    engine.listener.down("reset");
    leave();
    const { joined } = broadcast.topic("t", z.number(), { history }).join(connection);
    engine.subscribing = async () => ({ epoch: "e", sequence: 3 });
    engine.listener.up();
    expect(await joined).toEqual({ position: { epoch: "e", sequence: 3 }, recovered: true });
    engine.tell("t", "e", 4);
    expect(socket.sent).toEqual(["4"]);
    expect(gaps).toEqual([]);
  });

  test("the past that was asked for those who have all left is not given to who joins", async () => {
    const { engine, broadcast, gaps, leave } = await scene({ history });
    const past = gate<Past>();
    engine.asking = () => past.promise;
    engine.tell("t", "e", 1);
    engine.listener.resumed("t", { epoch: "e", sequence: 3 });
    leave();
    await settled();
    const subscribing = gate<undefined>();
    engine.subscribing = () => subscribing.promise;
    const { connection, socket } = await connected();
    const { joined } = broadcast.topic("t", z.number(), { history }).join(connection);
    past.open(recovered(2, 3));
    await settled();
    subscribing.open(undefined);
    await joined;
    engine.tell("t", "e", 4);
    expect(socket.sent).toEqual(["4"]);
    expect(gaps).toEqual([]);
  });

  test("a topic that is not subscribed yet is not concerned", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const gaps = vi.fn();
    broadcast.on("gap", gaps);
    const subscribing = gate<undefined>();
    engine.subscribing = () => subscribing.promise;
    const { joined } = broadcast.topic("t", z.number()).join((await connected()).connection);
    engine.listener.down("reset");
    engine.listener.up();
    engine.listener.resumed("t", undefined);
    engine.listener.resumed("unknown", undefined);
    subscribing.open(undefined);
    await joined;
    expect(gaps).not.toHaveBeenCalled();
  });
});

describe("after an interruption, with a history", () => {
  test("what was missed is delivered, in order, and no gap is told", async () => {
    const { engine, seen, gaps, broadcast } = await scene({ history });
    engine.asking = async () => recovered(3, 4, 5);
    engine.tell("t", "e", 1, 2);
    engine.listener.down("reset");
    engine.tell("t", "e", 5, 6);
    engine.listener.up();
    engine.listener.resumed("t", { epoch: "e", sequence: 5 });
    engine.tell("t", "e", 7);
    await settled();
    engine.tell("t", "e", 8);
    expect(seen).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
    expect(gaps).toEqual([]);
    expect(broadcast.counters.duplicates).toBe(0);
    expect(engine.calls.at(-1)).toBe("past t e:2");
  });

  test("nothing is asked where nothing was missed", async () => {
    const { engine, seen } = await scene({ history });
    engine.tell("t", "e", 1);
    engine.listener.down("reset");
    engine.listener.up();
    engine.listener.resumed("t", { epoch: "e", sequence: 1 });
    engine.tell("t", "e", 2);
    expect(seen).toEqual(["1", "2"]);
    expect(engine.calls).toEqual(["start", "subscribe t"]);
  });

  test("a hole that is left in what came is told", async () => {
    const { engine, seen } = await scene({ history });
    engine.asking = async () => recovered(3);
    engine.tell("t", "e", 1);
    engine.listener.resumed("t", { epoch: "e", sequence: 3 });
    await settled();
    expect(seen).toEqual(["1", "lost 1 after e:1", "3"]);
  });

  test.each([
    ["is not kept", async (): Promise<Past> => ({ recovered: false })],
    ["can't be asked for", () => Promise.reject(new Error("down again"))],
  ])("what %s is told as missed; what came since is delivered", async (_, asking) => {
    const { engine, seen } = await scene({ history });
    engine.asking = asking;
    engine.tell("t", "e", 1);
    engine.listener.down("reset");
    engine.tell("t", "e", 8, 9);
    engine.listener.resumed("t", { epoch: "e", sequence: 9 });
    engine.tell("t", "e", 10);
    await settled();
    expect(seen).toEqual(["1", "interrupted 6 after e:1", "8", "9", "10"]);
  });

  test("what came since and lies behind the head is delivered, and what lies before it is skipped", async () => {
    const { engine, seen } = await scene({ history });
    engine.tell("t", "e", 1);
    engine.listener.resumed("t", { epoch: "e", sequence: 5 });
    engine.tell("t", "e", 6);
    await settled();
    expect(seen).toEqual(["1", "interrupted 4 after e:1", "6"]);
  });

  test("of another epoch it is told as missed, and goes on there", async () => {
    const { engine, seen } = await scene({ history });
    engine.tell("t", "e", 1);
    engine.listener.down("reset");
    engine.tell("t", "f", 1);
    engine.listener.resumed("t", { epoch: "f", sequence: 1 });
    await settled();
    engine.tell("t", "f", 2);
    expect(seen).toEqual(["1", "interrupted ? after e:1", "1", "2"]);
  });

  test("of which the engine can't tell it asks all the same", async () => {
    const { engine, seen } = await scene({ history });
    engine.asking = async () => recovered(2);
    engine.tell("t", "e", 1);
    engine.listener.resumed("t", undefined);
    await settled();
    expect(seen).toEqual(["1", "2"]);
  });

  test("and another interruption before the answer, it asks again and tells nothing twice", async () => {
    const { engine, seen, gaps } = await scene({ history });
    const first = gate<Past>();
    engine.asking = () => first.promise;
    engine.tell("t", "e", 1);
    engine.listener.down("reset");
    engine.listener.up();
    engine.listener.resumed("t", { epoch: "e", sequence: 3 });
    engine.listener.down("reset again");
    first.open({ recovered: false });
    await settled();
    engine.asking = async () => recovered(2, 3, 4);
    engine.listener.up();
    engine.listener.resumed("t", { epoch: "e", sequence: 4 });
    await settled();
    engine.tell("t", "e", 5);
    expect(seen).toEqual(["1", "2", "3", "4", "5"]);
    expect(gaps).toEqual([]);
  });

  test("as many as 10,000 are held meanwhile; beyond, the older half goes and is told", async () => {
    const { engine, seen, gaps } = await scene({ history });
    engine.tell("t", "e", 1);
    engine.listener.down("reset");
    engine.tell("t", "e", ...Array.from({ length: 10_001 }, (_, index) => index + 2));
    engine.asking = async () => recovered();
    engine.listener.resumed("t", { epoch: "e", sequence: 10_002 });
    await settled();
    expect(gaps).toEqual(["lost 5000 after e:1"]);
    expect(seen.length + Number(seen[0])).toBeGreaterThan(2);
  });

  test("and the end of the broadcast before the answer, nothing is delivered", async () => {
    const { engine, seen, broadcast } = await scene({ history });
    const answer = gate<Past>();
    engine.asking = () => answer.promise;
    engine.tell("t", "e", 1);
    engine.listener.resumed("t", undefined);
    await broadcast.close();
    answer.open(recovered(2));
    await settled();
    expect(seen).toEqual(["1"]);
  });
});
