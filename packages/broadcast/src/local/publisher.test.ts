import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { codeOf } from "../conformance/witness.js";
import { BroadcastError } from "../engine/broadcast-error.js";
import { FakeEngine, type Gate, gate, settled } from "../engine/engine.fixture.js";
import type { Position } from "../engine/engine.js";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "../topic/broadcast.js";
import { connected } from "../topic/connection.fixture.js";
import { TopicLink } from "./topic-link.js";

afterEach(() => {
  vi.useRealTimers();
});

/** Whose validation of a message ends when the test says so. */
function slowSchema(): {
  readonly schema: z.ZodType<string>;
  readonly checking: ReadonlyMap<string, Gate<boolean>>;
} {
  const checking = new Map<string, Gate<boolean>>();
  const schema = z.string().refine((text) => {
    const checked = gate<boolean>();
    checking.set(text, checked);
    return checked.promise;
  });
  return { schema, checking };
}

test("publish resolves, with the position, when the engine has taken the message as JSON", async () => {
  const engine = new FakeEngine();
  await using broadcast = createBroadcast({ engine });
  const history = { size: 5, ttl: 1_000 };
  const topic = broadcast.topic("t", z.object({ a: z.number() }), { history });
  const taken = gate<Position>();
  engine.publishing = () => taken.promise;
  const publishing = topic.publish({ a: 1 });
  await settled();
  expect(engine.published).toEqual([["t", '{"a":1}', history]]);
  taken.open({ epoch: "e", sequence: 7 });
  expect(await publishing).toEqual({ epoch: "e", sequence: 7 });
  expect(topic.counters.published).toBe(1);
  expect(broadcast.counters.published).toBe(1);
});

test("what is sent is what came in, not what the schema makes of it", async () => {
  const engine = new FakeEngine();
  await using broadcast = createBroadcast({ engine });
  await broadcast.topic("t", z.string().transform(Number)).publish("12");
  expect(engine.published[0]?.[1]).toBe('"12"');
});

test("on memory, with all at rest, the message is sent within the call", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const { connection, socket } = await connected();
  await topic.join(connection).joined;
  const publishing = topic.publish(1);
  expect(socket.sent).toEqual(["1"]);
  await publishing;
});

test("a member that was added before publish was called gets the message, at the first moment too", async () => {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const { connection, socket } = await connected();
  topic.join(connection);
  await Promise.all([topic.publish(1), topic.publish(2)]);
  expect(socket.sent).toEqual(["1", "2"]);
});

describe("the order is that of the calls", () => {
  test("also with a schema that takes longer for the first", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const { schema, checking } = slowSchema();
    const topic = broadcast.topic("t", schema);
    const publishes = ["a", "b", "c"].map((text) => topic.publish(text));
    await settled();
    for (const text of ["c", "b"]) checking.get(text)?.open(true);
    await settled();
    expect(engine.published).toEqual([]);
    checking.get("a")?.open(true);
    await Promise.all(publishes);
    expect(engine.published.map(([, payload]) => payload)).toEqual(['"a"', '"b"', '"c"']);
  });

  test("also where a quick schema of the same topic comes behind a slow one", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const { schema, checking } = slowSchema();
    const publishes = [
      broadcast.topic("t", schema).publish("a"),
      broadcast.topic("t", z.string()).publish("b"),
    ];
    await settled();
    checking.get("a")?.open(true);
    await Promise.all(publishes);
    expect(engine.published.map(([, payload]) => payload)).toEqual(['"a"', '"b"']);
  });

  test("also where one between fails or is given up: those behind it wait for those before it", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const { schema, checking } = slowSchema();
    const topic = broadcast.topic("t", schema);
    const controller = new AbortController();
    const first = topic.publish("first");
    const aborted = topic.publish("aborted", { signal: controller.signal });
    const bad = topic.publish("bad");
    const last = topic.publish("last");
    await settled();
    const reason = new Error("given up");
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    checking.get("bad")?.open(false);
    await expect(bad).rejects.toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    checking.get("last")?.open(true);
    await settled();
    expect(engine.published).toEqual([]);
    checking.get("first")?.open(true);
    await Promise.all([first, last]);
    expect(engine.published.map(([, payload]) => payload)).toEqual(['"first"', '"last"']);
  });

  test("the next is handed over before the engine has answered the one before", async () => {
    const engine = new FakeEngine();
    const answers: Gate<Position>[] = [];
    engine.publishing = () => {
      const answer = gate<Position>();
      answers.push(answer);
      return answer.promise;
    };
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    const publishes = [topic.publish(1), topic.publish(2)];
    await settled();
    expect(engine.published).toHaveLength(2);
    for (const [index, answer] of answers.entries()) answer.open({ epoch: "e", sequence: index + 1 });
    expect(await Promise.all(publishes)).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
  });
});

describe("publish rejects", () => {
  test("a message against the schema, and sends nothing", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    const topic = broadcast.topic("t", z.number());
    // @ts-expect-error: against the schema
    await expect(topic.publish("1")).rejects.toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    expect(engine.published).toEqual([]);
    expect(topic.counters.failed).toBe(1);
  });

  test("fault 152: a message that is too large, and one that JSON can't hold, is refused", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine, maxPayload: 4 });
    const topic = broadcast.topic("t", z.unknown());
    expect(await topic.publish("ab")).toMatchObject({ sequence: 1 });
    expect(await codeOf(topic.publish("abc"))).toBe("ERR_WS_PAYLOAD_TOO_LARGE");
    await expect(topic.publish(undefined)).rejects.toThrow(TypeError);
    expect(engine.published).toHaveLength(1);
  });

  test("when the engine does not answer within publishTimeout", async () => {
    vi.useFakeTimers();
    const engine = new FakeEngine();
    engine.publishing = (_topic, _payload, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await using broadcast = createBroadcast({ engine, publishTimeout: 200 });
    await broadcast.ready;
    const publishing = codeOf(broadcast.topic("t", z.number()).publish(1));
    vi.advanceTimersByTime(200);
    expect(await publishing).toBe("ERR_WS_PUBLISH_TIMEOUT");
  });

  test("when the start, the subscription or the schema takes longer than that", async () => {
    vi.useFakeTimers();
    const engine = new FakeEngine();
    const starting = gate();
    engine.starting = () => starting.promise;
    engine.subscribing = () => new Promise(() => {});
    await using broadcast = createBroadcast({ engine, publishTimeout: 200 });
    const topic = broadcast.topic("t", z.number());
    const early = codeOf(topic.publish(1));
    await vi.advanceTimersByTimeAsync(200);
    expect(await early).toBe("ERR_WS_PUBLISH_TIMEOUT");
    starting.open();
    topic.join((await connected()).connection);
    const slow = broadcast.topic(
      "slow",
      z.string().refine(() => new Promise(() => {})),
    );
    const codes = Promise.all([codeOf(topic.publish(1)), codeOf(slow.publish(""))]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await codes).toEqual(["ERR_WS_PUBLISH_TIMEOUT", "ERR_WS_PUBLISH_TIMEOUT"]);
    expect(engine.published).toEqual([]);
  });

  test("and from then on waits for nothing, also where a topic can't be subscribed for hours", async () => {
    vi.useFakeTimers();
    const engine = new FakeEngine();
    engine.subscribing = () => Promise.reject(new Error("not allowed"));
    await using broadcast = createBroadcast({ engine, publishTimeout: 200 });
    const topic = broadcast.topic("t", z.number());
    const leave = topic.join((await connected()).connection);
    const codes = Promise.all([1, 2, 3].map((number) => codeOf(topic.publish(number))));
    await vi.advanceTimersByTimeAsync(200);
    expect(new Set(await codes)).toEqual(new Set(["ERR_WS_PUBLISH_TIMEOUT"]));
    await vi.advanceTimersByTimeAsync(500);
    const looks = vi.spyOn(TopicLink.prototype, "isWhole", "get");
    leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(looks).not.toHaveBeenCalled();
  });

  test("with the reason of its own signal", async () => {
    const engine = new FakeEngine();
    await using broadcast = createBroadcast({ engine });
    await broadcast.ready;
    const topic = broadcast.topic("t", z.number());
    const reason = new Error("given up");
    await expect(topic.publish(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(engine.published).toEqual([]);
    engine.publishing = (_topic, _payload, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const controller = new AbortController();
    const publishing = topic.publish(1, { signal: controller.signal });
    controller.abort(reason);
    await expect(publishing).rejects.toBe(reason);
  });

  test("above maxPendingPublishes, at once, and takes more when some have settled", async () => {
    const engine = new FakeEngine();
    const taken = gate<Position>();
    engine.publishing = () => taken.promise;
    await using broadcast = createBroadcast({ engine, maxPendingPublishes: 2 });
    await broadcast.ready;
    const [one, other] = [broadcast.topic("one", z.number()), broadcast.topic("other", z.number())];
    const pending = [one.publish(1), other.publish(1)];
    expect(await codeOf(one.publish(2))).toBe("ERR_WS_PUBLISH_OVERFLOW");
    expect(engine.published).toHaveLength(2);
    taken.open({ epoch: "e", sequence: 1 });
    await Promise.all(pending);
    expect(await codeOf(one.publish(3))).toBe("resolved");
    expect(broadcast.counters).toMatchObject({ published: 3, failed: 1 });
  });

  test("with the engine's own error, and does not try again", async () => {
    const engine = new FakeEngine();
    const error = new BroadcastError("ERR_WS_ENGINE_DOWN", "gone");
    engine.publishing = () => Promise.reject(error);
    await using broadcast = createBroadcast({ engine });
    await expect(broadcast.topic("t", z.number()).publish(1)).rejects.toBe(error);
    expect(engine.published).toHaveLength(1);
  });
});
