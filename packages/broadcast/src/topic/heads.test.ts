import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { AskableEngine, deliveries, gate, settled } from "../engine/engine.fixture.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "./broadcast.js";
import { connected } from "./connection.fixture.js";
import { scene } from "./scene.fixture.js";

const history = { size: 10, ttl: 1_000 };
const at = (sequence: number, epoch = "e") => ({ epoch, sequence });

/** Resolves when it holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a hole before a message", () => {
  test("fault 213: is read from the history before a gap is told, and what comes meanwhile waits", async () => {
    const engine = new AskableEngine();
    const { gaps, seen } = await scene({ history }, engine);
    engine.heading = async () => at(5);
    engine.asking = async () => ({ recovered: true, deliveries: deliveries("e", 2, 3, 4, 5) });
    engine.tell("t", "e", 1, 3, 4, 5);
    expect(seen).toEqual(["1"]);
    await settled();
    expect(seen).toEqual(["1", "2", "3", "4", "5"]);
    expect(gaps).toEqual([]);
    expect(engine.calls.filter((call) => call.startsWith("past"))).toEqual(["past t e:1"]);
  });

  test("is told where the history has it no more, or there is none", async () => {
    for (const options of [{ history }, {}]) {
      const engine = new AskableEngine();
      const { seen } = await scene(options, engine);
      engine.heading = async () => at(4);
      engine.tell("t", "e", 1, 4);
      await settled();
      expect(seen).toEqual(["1", "lost 2 after e:1", "4"]);
    }
  });

  test("is believed where the engine can't be asked", async () => {
    const engine = new AskableEngine();
    const { seen } = await scene({}, engine);
    engine.heading = () => Promise.reject(new Error("down"));
    engine.tell("t", "e", 1, 3);
    await settled();
    expect(seen).toEqual(["1", "lost 1 after e:1", "3"]);
  });

  test("and another one behind it are both asked about", async () => {
    const engine = new AskableEngine();
    const { seen } = await scene({}, engine);
    const asked = gate();
    engine.heading = async () => {
      await asked.promise;
      return at(7);
    };
    engine.tell("t", "e", 1, 3);
    await settled();
    engine.tell("t", "e", 6, 7);
    asked.open();
    await settled();
    expect(seen).toEqual(["1", "lost 1 after e:1", "3", "lost 2 after e:3", "6", "7"]);
    expect(engine.calls.filter((call) => call === "head t")).toHaveLength(2);
  });

  test("that is asked about when the engine goes away is an interruption", async () => {
    const engine = new AskableEngine();
    const { seen } = await scene({ history }, engine);
    const asked = gate<{ epoch: string; sequence: number }>();
    engine.heading = () => asked.promise;
    engine.tell("t", "e", 1, 3);
    engine.listener.down("reset");
    await settled();
    engine.listener.up();
    engine.listener.resumed("t", at(3));
    await settled();
    asked.open(at(3));
    await settled();
    expect(seen).toEqual(["1", "interrupted 1 after e:1", "3"]);
  });

  test("that was asked about just before the engine went away is an interruption, whatever is answered", async () => {
    const engine = new AskableEngine();
    const { seen } = await scene({ history }, engine);
    const asked = gate<{ epoch: string; sequence: number }>();
    engine.heading = () => asked.promise;
    engine.tell("t", "e", 1, 3);
    await settled();
    engine.listener.down("reset");
    asked.open(at(1));
    await settled();
    engine.listener.up();
    engine.listener.resumed("t", at(3));
    await settled();
    expect(seen).toEqual(["1", "interrupted 1 after e:1", "3"]);
  });

  test("is forgotten where everybody leaves while it is asked about", async () => {
    const engine = new AskableEngine();
    const { seen, leave } = await scene({ history }, engine);
    const asked = [gate<{ epoch: string; sequence: number }>(), gate<never>()] as const;
    engine.heading = () => asked[0].promise;
    engine.asking = () => asked[1].promise;
    engine.tell("t", "e", 1, 3);
    await settled();
    asked[0].open(at(3));
    await settled();
    leave();
    await settled();
    asked[1].fail(new Error("too late"));
    await settled();
    expect(seen).toEqual(["1"]);
  });
});

describe("a message that nobody published", () => {
  test("fault 223: of a huge sequence is dropped, counted and told, and silences nobody", async () => {
    const engine = new AskableEngine();
    const { broadcast, gaps, seen } = await scene({}, engine);
    engine.heading = async () => at(2);
    engine.tell("t", "e", 1, 2, 900_000_000_000_000);
    await settled();
    engine.tell("t", "e", 3, 4);
    await settled();
    expect(seen).toEqual(["1", "2", "3", "4"]);
    expect(gaps).toEqual([]);
    expect(broadcast.counters).toMatchObject({ poisoned: 1, duplicates: 0 });
  });

  test("fault 223: of an epoch that there is not is dropped too; one that there is begins anew", async () => {
    const engine = new AskableEngine();
    const { broadcast, seen } = await scene({}, engine);
    engine.heading = async () => at(2);
    engine.tell("t", "e", 1, 2);
    engine.tell("t", "forged", 1, 2);
    await settled();
    expect(broadcast.counters.poisoned).toBe(2);
    engine.heading = async () => at(2, "f");
    engine.tell("t", "f", 1, 2);
    await settled();
    expect(seen).toEqual(["1", "2", "epoch ? after e:2", "1", "2"]);
  });

  test("fault 223: of one publisher's epoch does not concern another's", async () => {
    const engine = new AskableEngine({ order: "publisher" });
    const { broadcast, seen } = await scene({}, engine);
    engine.heading = async (_, epoch) => (epoch === "e" ? at(1) : at(5, "f"));
    engine.tell("t", "e", 1);
    engine.tell("t", "f", 3);
    engine.tell("t", "e", 1_000_000);
    engine.tell("t", "f", 5);
    await settled();
    expect(seen).toEqual(["1", "3", "lost 1 after f:3", "5"]);
    expect(broadcast.counters.poisoned).toBe(1);
  });
});

describe("the last message of a topic", () => {
  test("fault 225: is told as lost without a next one", async () => {
    const engine = new AskableEngine();
    const { gaps, seen } = await scene({}, engine);
    engine.tell("t", "e", 1, 2);
    engine.heading = async () => at(4);
    await until(() => gaps.length > 0);
    expect(seen).toEqual(["1", "2", "lost 2 after e:2"]);
    engine.tell("t", "e", 4, 5);
    expect(seen.at(-1)).toBe("5");
  });

  test("fault 225: is read from the history where there is one", async () => {
    const engine = new AskableEngine();
    const { gaps, seen } = await scene({ history }, engine, at(2), 100);
    engine.heading = async () => at(3);
    engine.asking = async () => ({ recovered: true, deliveries: deliveries("e", 3) });
    await until(() => seen.length > 0);
    expect(seen).toEqual(["3"]);
    expect(gaps).toEqual([]);
  });

  test("fault 225: of a publisher is asked of that publisher, until it was answered", async () => {
    const engine = new AskableEngine({ order: "publisher" });
    const { seen, gaps } = await scene({}, engine);
    engine.heading = async (_, epoch) => (epoch === "e" ? at(3) : undefined);
    engine.tell("t", "e", 1, 2);
    engine.tell("t", "f", 1);
    await until(() => gaps.length > 0);
    await settled();
    expect(seen).toEqual(["1", "2", "1", "lost 1 after e:2"]);
    const asked = engine.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(engine.calls.length).toBe(asked);
  });

  test("is nothing to tell of where it comes a moment later", async () => {
    const engine = new AskableEngine();
    const { seen, gaps } = await scene({}, engine, at(2), 100);
    const asked = gate();
    engine.heading = async () => {
      asked.open();
      return at(3);
    };
    await asked.promise;
    await settled();
    engine.tell("t", "e", 3);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toEqual(["3"]);
    expect(gaps).toEqual([]);
  });

  test("is not waited for where everybody leaves while it is asked for", async () => {
    const engine = new AskableEngine();
    const { gaps, leave } = await scene({ history }, engine, at(2), 100);
    const asked = gate<never>();
    engine.heading = async () => at(3);
    engine.asking = () => asked.promise;
    await until(() => engine.calls.some((call) => call.startsWith("past")));
    leave();
    asked.fail(new Error("too late"));
    await settled();
    expect(gaps).toEqual([]);
  });

  test("is no news to who joins while it is asked for, after everybody has left", async () => {
    const engine = new AskableEngine();
    const { broadcast, gaps, seen, leave } = await scene({ history }, engine, at(2), 100);
    const asked = gate<{ epoch: string; sequence: number }>();
    engine.heading = () => asked.promise;
    engine.asking = async () => ({ recovered: true, deliveries: [] });
    await until(() => engine.calls.includes("head t"));
    leave();
    await settled();
    engine.subscribing = async () => at(4);
    const { connection } = await connected();
    await broadcast.topic("t", z.number(), { history }).join(connection).joined;
    asked.open(at(4));
    // As long as what is on its way is waited for.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(gaps).toEqual([]);
    expect(seen).toEqual([]);
  });

  test("is not asked for while the engine is away", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const engine = new AskableEngine();
    const { broadcast } = await scene({}, engine, at(2), 100);
    const asked = (): number => engine.calls.filter((call) => call === "head t").length;
    engine.listener.down("reset");
    vi.advanceTimersByTime(1_000);
    expect(asked()).toBe(0);
    engine.listener.up();
    engine.listener.resumed("t", at(2));
    vi.advanceTimersByTime(100);
    expect(asked()).toBe(1);
    await broadcast.close();
    vi.useRealTimers();
  });

  test("is compared a thousand topics at a time", async () => {
    const engine = new AskableEngine();
    await using broadcast = createBroadcast({ engine, headInterval: 50 });
    const { connection } = await connected();
    for (let count = 0; count < 1_001; count += 1) broadcast.topic(`t${count}`, z.number()).join(connection);
    await settled();
    const asked = (): number => engine.calls.filter((call) => call.startsWith("head")).length;
    await until(() => asked() > 1_000);
    const [, ...later] = engine.calls.slice(engine.calls.indexOf("head t999"));
    expect(later[0]).toBe("head t1000");
  });
});

test("an engine that loses nothing is not asked", async () => {
  await using broadcast = createBroadcast({ engine: memory(), headInterval: 1 });
  expect(broadcast.counters.gaps).toBe(0);
});
