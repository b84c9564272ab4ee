import { expect, test } from "vitest";
import { fits, formatPayload } from "./payload.js";

test("a message travels as compact JSON", () => {
  expect(formatPayload({ a: [1, null, "é"], b: undefined }, 100)).toBe('{"a":[1,null,"é"]}');
});

test("a lone surrogate is escaped", () => {
  expect(formatPayload("\ud800", 100)).toBe('"\\ud800"');
});

test.each([
  ["nothing", undefined, "got undefined. Likely mistake: a missing return."],
  ["a function", () => {}, "got function"],
  ["NaN", { a: { b: Number.NaN } }, 'expected finite numbers, got NaN at "b"'],
  ["an infinite number", [Number.POSITIVE_INFINITY], "got Infinity"],
  ["a bigint", 1n, "expected a JSON value"],
])("%s is refused", (_, message, text) => {
  expect(() => formatPayload(message, 100)).toThrow(TypeError);
  expect(() => formatPayload(message, 100)).toThrow(text);
});

test("a cycle is refused, in one line that quotes nothing of it", () => {
  const cycle: Record<string, unknown> = {};
  cycle["secret"] = cycle;
  expect(() => formatPayload(cycle, 100)).toThrow(/^publish: expected a JSON value: [^\n]*circular[^\n]*$/i);
  expect(() => formatPayload(cycle, 100)).not.toThrow("secret");
});

test("the bound is in bytes of UTF-8, and exact", () => {
  expect(formatPayload("ééé", 8)).toBe('"ééé"');
  expect(() => formatPayload("ééé", 7)).toThrow(
    expect.objectContaining({
      code: "ERR_WS_PAYLOAD_TOO_LARGE",
      message: "publish: expected at most 7 bytes of JSON (maxPayload), got 8",
    }),
  );
  expect([fits("aaaa", 4), fits("aaaaa", 4), fits("éé", 4), fits("ééa", 4)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
