import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { codeOf } from "../conformance/witness.js";
import type { EngineEvent } from "../local/events.js";
import { type Broadcast, createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { BroadcastError } from "./broadcast-error.js";
import { FakeEngine, gate, settled } from "./engine.fixture.js";

/** What a broadcast tells of its engine. */
function engineEvents(broadcast: Broadcast): readonly EngineEvent[] {
  const events: EngineEvent[] = [];
  broadcast.on("engine", (event) => events.push(event));
  return events;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("the start", () => {
  test("is begun at construction, and ready resolves when the engine is reached", async () => {
    const engine = new FakeEngine();
    const starting = gate();
    engine.starting = () => starting.promise;
    await using broadcast = createBroadcast({ engine });
    const events = engineEvents(broadcast);
    expect(engine.calls).toEqual(["start"]);
    starting.open();
    await broadcast.ready;
    expect(events).toEqual([]);
  });

  test("what is called before it is done waits for it", async () => {
    const engine = new FakeEngine();
    const starting = gate();
    engine.starting = () => starting.promise;
    engine.listing = async () => [{ id: "1", process: "p", as: "ann" }];
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const calls = Promise.all([topic.publish(1), topic.publish(2), topic.members()]);
    await settled();
    expect(engine.published).toEqual([]);
    starting.open();
    expect(await calls).toMatchObject([{ sequence: 1 }, { sequence: 2 }, [{ as: "ann" }]]);
    expect(engine.published.map(([, payload]) => payload)).toEqual(["1", "2"]);
  });

  test("fault 146: a start that fails rejects ready, and every call, with the engine's own reason", async () => {
    const engine = new FakeEngine();
    const error = new BroadcastError("ERR_WS_ENGINE_UNREACHABLE", "nobody there");
    engine.starting = () => Promise.reject(error);
    const { connection, socket } = await connected();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { joined } = topic.join(connection);
    const reading = topic.subscribe().next();
    await expect(broadcast.ready).rejects.toBe(error);
    await expect(topic.publish(1)).rejects.toBe(error);
    await expect(topic.members()).rejects.toBe(error);
    await expect(reading).rejects.toBe(error);
    expect(await joined).toEqual({ position: undefined, recovered: false });
    expect(() => topic.join(connection)).toThrow(error);
    expect(() => topic.subscribe()).toThrow(error);
    expect(socket.sent).toEqual([]);
    expect(engine.calls).toEqual(["start"]);
  });

  test.each([
    [new Error("connect\nrefused"), "the fake engine can't be reached: connect\\u{a}refused"],
    ["refused", "the fake engine can't be reached: refused"],
  ])("a failure of any kind becomes one line: %s", async (cause, message) => {
    const engine = new FakeEngine();
    engine.starting = () => Promise.reject(cause);
    await using broadcast = createBroadcast({ engine });
    await expect(broadcast.ready).rejects.toMatchObject({
      code: "ERR_WS_ENGINE_UNREACHABLE",
      message,
      cause,
    });
  });

  test("that nobody awaits is no unhandled rejection", async () => {
    const engine = new FakeEngine();
    engine.starting = () => Promise.reject(new Error("refused"));
    // Vitest fails on one by itself.
    await using broadcast = createBroadcast({ engine });
    void broadcast.topic("t", z.number()).publish(1);
    await settled();
    expect(broadcast.counters.failed).toBe(1);
  });

  test("is retried by option, ever more slowly up to 1 s, until it succeeds", async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(1);
    const engine = new FakeEngine();
    let attempts = 0;
    engine.starting = async () => {
      attempts += 1;
      if (attempts <= 7) throw new Error(`refused ${attempts}`);
    };
    await using broadcast = createBroadcast({ engine, startup: "retry" });
    const events = engineEvents(broadcast);
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual([{ state: "down", reason: "the fake engine can't be reached: refused 1" }]);
    const topic = broadcast.topic("t", z.number());
    expect(await codeOf(topic.publish(1))).toBe("ERR_WS_ENGINE_DOWN");
    const waits = [50, 100, 200, 400, 800, 1_000, 1_000];
    for (const [index, wait] of waits.entries()) {
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(attempts).toBe(index + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(attempts).toBe(index + 2);
    }
    await broadcast.ready;
    expect(events.slice(1)).toEqual([{ state: "up" }]);
    expect(await topic.publish(1)).toMatchObject({ sequence: 1 });
  });

  test("that is retried ends with close, and leaves no timer", async () => {
    vi.useFakeTimers();
    const engine = new FakeEngine();
    engine.starting = () => Promise.reject(new Error("refused"));
    const broadcast = createBroadcast({ engine, startup: "retry" });
    await vi.advanceTimersByTimeAsync(0);
    const ready = codeOf(broadcast.ready);
    await broadcast.close();
    expect(await ready).toBe("ERR_WS_BROADCAST_CLOSED");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("an engine that goes down", () => {
  test("is told of once, in one line, and so is its return", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const events = engineEvents(broadcast);
    engine.listener.down("connection\nreset");
    engine.listener.down("again");
    engine.listener.up();
    engine.listener.up();
    expect(events).toEqual([{ state: "down", reason: "connection\\u{a}reset" }, { state: "up" }]);
  });

  test("fault 147: an engine that is down makes publish and members reject at once, with the reason; sockets and subscriptions stay", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    engine.listener.down("connection reset");
    const error = { code: "ERR_WS_ENGINE_DOWN", message: "the fake engine is down: connection reset" };
    await expect(topic.publish(1)).rejects.toMatchObject(error);
    await expect(topic.members()).rejects.toMatchObject(error);
    expect(engine.published).toEqual([]);
    engine.listener.up();
    engine.listener.resumed("t", undefined);
    await topic.publish(2);
    expect(socket.sent).toEqual(["2"]);
    expect(engine.calls).toEqual(["start", "subscribe t"]);
  });

  test("is no unhandled rejection of a publish that nobody awaits", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    engine.listener.down("connection reset");
    void broadcast.topic("t", z.number()).publish(1);
    await settled();
    expect(broadcast.counters).toMatchObject({ failed: 1, published: 0 });
  });

  test("a topic that is joined meanwhile is subscribed when it is back", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    engine.listener.down("connection reset");
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    const { joined } = topic.join(connection);
    await settled();
    expect(engine.calls).toEqual(["start"]);
    engine.listener.up();
    expect(await joined).toEqual({ position: undefined, recovered: true });
    await topic.publish(1);
    expect(socket.sent).toEqual(["1"]);
  });

  test("a publish waits until the subscription of its own members is whole again", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    engine.listener.down("connection reset");
    engine.listener.up();
    const publishing = topic.publish(1);
    await settled();
    expect(engine.published).toEqual([]);
    engine.listener.resumed("t", undefined);
    await publishing;
    expect(socket.sent).toEqual(["1"]);
  });

  test("a publish that waits for that rejects when the engine goes down again", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection } = await connected();
    await topic.join(connection).joined;
    engine.listener.down("once");
    engine.listener.up();
    const publishing = codeOf(topic.publish(1));
    await settled();
    engine.listener.down("twice");
    expect(await publishing).toBe("ERR_WS_ENGINE_DOWN");
  });
});

describe("close", () => {
  test("lets go of the engine, once; sockets stay open, and nothing more is sent to them", async () => {
    const engine = new FakeEngine();
    const broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const { connection, socket } = await connected();
    await topic.join(connection).joined;
    await Promise.all([broadcast.close(), broadcast.close()]);
    engine.tell("t", "e", 1);
    expect(engine.calls.filter((call) => call === "close")).toHaveLength(1);
    expect(socket.sent).toEqual([]);
    expect(connection.signal.aborted).toBe(false);
    expect(broadcast.counters.members).toBe(0);
  });

  test("ends what is under way, and whatever is called later", async () => {
    const engine = new FakeEngine();
    engine.publishing = (_topic, _payload, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    await broadcast.ready;
    const publishing = codeOf(topic.publish(1));
    const reading = topic.subscribe().next();
    const { connection } = await connected();
    await broadcast.close();
    expect(await publishing).toBe("ERR_WS_BROADCAST_CLOSED");
    expect(await reading).toEqual({ done: true, value: undefined });
    expect(await codeOf(topic.publish(1))).toBe("ERR_WS_BROADCAST_CLOSED");
    expect(await codeOf(topic.members())).toBe("ERR_WS_BROADCAST_CLOSED");
    expect(() => topic.join(connection)).toThrow(
      expect.objectContaining({ code: "ERR_WS_BROADCAST_CLOSED" }),
    );
    expect(() => topic.subscribe()).toThrow(expect.objectContaining({ code: "ERR_WS_BROADCAST_CLOSED" }));
  });

  test("what the engine still says is not listened to", async () => {
    const engine = new FakeEngine();
    const broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const events = engineEvents(broadcast);
    await broadcast.close();
    engine.listener.down("closed");
    engine.listener.up();
    engine.listener.resumed("t", undefined);
    expect(events).toEqual([]);
  });

  test("while the start is under way makes ready reject", async () => {
    const engine = new FakeEngine();
    const starting = gate();
    engine.starting = () => starting.promise;
    const broadcast = createBroadcast({ engine });
    const ready = codeOf(broadcast.ready);
    const { joined } = broadcast.topic("t", z.number()).join((await connected()).connection);
    await broadcast.close();
    starting.open();
    expect(await ready).toBe("ERR_WS_BROADCAST_CLOSED");
    expect(await joined).toEqual({ position: undefined, recovered: false });
  });
});
