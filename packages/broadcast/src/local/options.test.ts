import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { memory } from "../engines/memory/engine.js";
import { checkJoinOptions, checkSubscribeOptions, copyAs, type JoinOptions } from "../receivers/options.js";
import { createBroadcast } from "../topic/broadcast.js";
import { type BroadcastOptions, checkTopicOptions, resolveOptions } from "./options.js";

const engine = memory();
const from = { epoch: "e", sequence: 1 };

describe("of a broadcast", () => {
  test("the defaults", () => {
    expect(resolveOptions({ engine, publishTimeout: undefined })).toEqual({
      engine,
      publishTimeout: 5_000,
      maxPayload: 65_536,
      maxPendingPublishes: 10_000,
      startup: "fail",
    });
  });

  test("what is given stands in their place", () => {
    const given: BroadcastOptions = {
      engine,
      publishTimeout: 1,
      maxPayload: 1_000_000,
      maxPendingPublishes: 1,
      startup: "retry",
    };
    expect(resolveOptions(given)).toEqual(given);
  });

  test.each([
    [{ engine, publishTimeOut: 5 }, "options: expected "],
    [{}, "options.engine: expected memory(), redis() or nats(), got undefined"],
    [{ engine: memory }, "options.engine: expected memory(), redis() or nats()"],
    [
      { engine, publishTimeout: 0 },
      "options.publishTimeout: expected a whole number from 1 to 2147483647, got 0",
    ],
    [{ engine, publishTimeout: 2 ** 31 }, "options.publishTimeout"],
    [{ engine, maxPayload: 1_000_001 }, "options.maxPayload: expected a whole number from 1 to 1000000"],
    [{ engine, maxPayload: "64" }, "options.maxPayload"],
    [{ engine, maxPendingPublishes: 0.5 }, "options.maxPendingPublishes"],
    [{ engine, startup: "later" }, "options.startup: expected one of fail, retry, got later"],
    [undefined, "options: expected an object, got undefined"],
    [null, "options: expected an object, got null"],
  ])("%j is refused", (given, text) => {
    expect(() => createBroadcast(given as BroadcastOptions)).toThrow(TypeError);
    expect(() => createBroadcast(given as BroadcastOptions)).toThrow(text);
  });
});

describe("of a topic", () => {
  test.each([
    {},
    { history: undefined, positions: undefined },
    { positions: true },
    { history: { size: 1_000_000, ttl: 1 } },
  ])("%j is good", (given) => {
    expect(checkTopicOptions(given)).toBeUndefined();
  });

  test.each([
    [{ size: 1 }, "topic: expected history, positions, got size"],
    [{ positions: 1 }, "topic.positions: expected one of true, false, got 1"],
    [{ history: 5 }, "topic.history: expected an object, got 5"],
    [
      { history: { size: 0, ttl: 1 } },
      "topic.history.size: expected a whole number from 1 to 1000000, got 0",
    ],
    [
      { history: { size: 1 } },
      "topic.history.ttl: expected a whole number from 1 to 2147483647, got undefined",
    ],
    [{ history: { size: 1, ttl: 1, max: 1 } }, "topic.history: expected size, ttl, got max"],
  ])("%j is refused", (given, text) => {
    expect(() => checkTopicOptions(given as object)).toThrow(new TypeError(text));
  });
});

describe.each([
  ["join", checkJoinOptions],
  ["subscribe", checkSubscribeOptions],
] as const)("of %s", (where, check) => {
  test.each([
    {},
    { overflow: "drop-oldest", max: 1 },
    { overflow: "coalesce", key: () => "" },
    { from, onGap: () => {} },
    { overflow: undefined, max: undefined, key: undefined, from: undefined, onGap: undefined },
  ] as const)("%j is good", (given) => {
    expect(check(given, true)).toBeUndefined();
  });

  test.each([
    [
      { overflow: "drop" },
      ".overflow: expected one of disconnect, drop-oldest, drop-newest, coalesce, got drop",
    ],
    [{ max: 0 }, ".max: expected a whole number from 1 to 1000000, got 0"],
    [{ overflow: "coalesce" }, ".key: expected a function, got undefined"],
    [{ key: () => "" }, '.key: expected none with "disconnect", got () => ""'],
    [{ from: 5 }, ".from: expected { epoch, sequence }, got 5"],
    [{ from: { epoch: "e" } }, ".from: expected { epoch, sequence }, got an object"],
    [{ onGap: 5 }, ".onGap: expected a function, got 5"],
  ])("%j is refused", (given, text) => {
    expect(() => check(given as object, true)).toThrow(new TypeError(where + text));
  });

  test("a name that is none is refused", () => {
    expect(() => check({ on_gap: 1 } as object, true)).toThrow(
      /^(join|subscribe): expected overflow, max, key, /,
    );
  });

  test("a position without a history is refused", () => {
    expect(() => check({ from }, false)).toThrow(
      `${where}.from: expected a topic with a history, got one without`,
    );
  });
});

test("who a member is, is copied as JSON, of at most 1 KiB", () => {
  const as = { name: "ann" };
  const copy = copyAs(as);
  as.name = "bob";
  expect(copy).toEqual({ name: "ann" });
  expect(copyAs("é".repeat(511))).toHaveLength(511);
  expect(() => copyAs("é".repeat(512))).toThrow(
    "join.as: expected JSON of at most 1024 bytes, got 514 characters",
  );
  expect(() => copyAs(1n)).toThrow("join.as: expected JSON of at most 1024 bytes, got 1");
  expect(() => copyAs(() => {})).toThrow(TypeError);
});

test("a key reads the message that the schema makes", () => {
  const topic = createBroadcast({ engine: memory() }).topic("t", z.string().transform(Number));
  expectTypeOf(topic.publish).parameter(0).toEqualTypeOf<string>();
  expectTypeOf(topic.join).parameter(1).toEqualTypeOf<JoinOptions<number> | undefined>();
  expectTypeOf(topic.subscribe().next()).resolves.toEqualTypeOf<IteratorResult<number, undefined>>();
});
