import { describe, expect, expectTypeOf, test } from "vitest";
import { connectionRows } from "./connection-rows.js";
import type { ConnectionOptions, ServeOptions } from "./options.js";
import { defaults, resolveOptions } from "./resolve-options.js";
import { serverRows } from "./server-rows.js";

/** Every number with its range. */
const ranges = Object.entries({ ...connectionRows, ...serverRows }).flatMap(([name, { range }]) =>
  range === undefined || name.includes(".") ? [] : [[name as keyof ConnectionOptions, ...range] as const],
);

/** Resolves what a caller without types may pass. */
function resolveUntyped(given: Readonly<Record<string, unknown>>): ConnectionOptions {
  return resolveOptions(given as Partial<ConnectionOptions>);
}

describe("the defaults", () => {
  test("stand where nothing is given, and are in range themselves", () => {
    expect(resolveOptions({})).toEqual(defaults);
  });

  test("stand where undefined is given", () => {
    expect(resolveUntyped({ maxPayload: undefined, logger: undefined })).toEqual(defaults);
  });

  test("are not changed by what is given", () => {
    expect(resolveOptions({ maxPayload: 5 }).maxPayload).toBe(5);
    expect(defaults.maxPayload).toBe(1_048_576);
  });
});

describe.each(ranges)("%s", (name, low, high) => {
  test(`may be from ${low} to ${high}`, () => {
    expect(resolveUntyped({ [name]: low })[name]).toBe(low);
    expect(resolveUntyped({ [name]: high })[name]).toBe(high);
  });

  const above = Number.isFinite(high) ? [high + 1, Number.POSITIVE_INFINITY] : [];

  test.each([low - 1, ...above, Number.NaN, "10", null, true, [1], -0.5])(
    "is refused as %s with its name, the range and what came",
    (value) => {
      expect(() => resolveUntyped({ [name]: value })).toThrow(
        new TypeError(
          `options.${name}: expected a number from ${low} to ${high}, got ${String(value)}.` +
            " Sizes are in bytes, times in milliseconds.",
        ),
      );
    },
  );
});

describe("receiveQueue", () => {
  test("is bounded in messages and in bytes", () => {
    const receiveQueue = { messages: 1, bytes: 1 };
    expect(resolveOptions({ receiveQueue }).receiveQueue).toBe(receiveQueue);
  });

  test.each([
    [
      { messages: 0, bytes: 1 },
      "options.receiveQueue.messages: expected a number from 1 to Infinity, got 0.",
    ],
    [{ messages: 1, bytes: 0 }, "options.receiveQueue.bytes: expected a number from 1 to Infinity, got 0."],
    [{ messages: 1 }, "options.receiveQueue.bytes: expected a number from 1 to Infinity, got undefined."],
    [{ bytes: 1 }, "options.receiveQueue.messages: expected a number from 1 to Infinity, got undefined."],
  ])("is refused as %j", (receiveQueue, message) => {
    expect(() => resolveUntyped({ receiveQueue })).toThrow(message);
  });
});

describe("rootPath", () => {
  test.each(["", "/a", "/api", "/api/v1", "/ü"])("may be %j", (rootPath) => {
    expect(resolveOptions({ rootPath }).rootPath).toBe(rootPath);
  });

  test.each(["/", "/api/", "api", "api/v1", " /api", "//"])("is refused as %j", (rootPath) => {
    expect(() => resolveOptions({ rootPath })).toThrow(
      new TypeError(`options.rootPath: expected "" or "/path" without a trailing slash, got "${rootPath}"`),
    );
  });
});

describe("a complaint", () => {
  test("is short, however long the value", () => {
    const long = "x".repeat(100_000);
    expect(() => resolveUntyped({ maxPayload: long })).toThrow(`got ${long.slice(0, 64)}.`);
    expect(() => resolveUntyped({ rootPath: long })).toThrow(`got "${long.slice(0, 64)}"`);
  });
});

describe("the options of serve", () => {
  test("are all optional", () => {
    expectTypeOf<Record<never, never>>().toExtend<ServeOptions>();
    // @ts-expect-error: a limit is a number
    expect(() => resolveOptions({ maxPayload: "1 MiB" })).toThrow("options.maxPayload");
  });
});

test("a name that is no option is refused: a limit that is misspelt would not hold", () => {
  const misspelt = { maxPayLoad: 1 } as Parameters<typeof resolveOptions>[0];
  expect(() => resolveOptions(misspelt)).toThrow(/expected maxPayload, .* got maxPayLoad/);
});
