import { expect, test } from "vitest";
import { describeValue } from "./describe-value.js";

test.each([
  [undefined, "undefined"],
  [null, "null"],
  ["a\u202eb", '"a\\u{202e}b"'],
  [5, "5"],
  [false, "false"],
  [5n, "bigint"],
  [Symbol("x"), "symbol"],
  [function named() {}, "a function named named"],
  [(() => () => {})(), "a function"],
  [[1, 2], "an array of 2"],
  [Promise.resolve(), "a promise"],
  [{}, "an object without keys"],
  [{ a: "secret", b: 1 }, "an object with the keys a, b"],
])("of %s says %s", (value, text) => {
  expect(describeValue(value)).toBe(text);
});

test("is short, whatever the value", () => {
  const long = "x".repeat(10_000);
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${long}${index}`, 1]));
  const named = Object.defineProperty(() => {}, "name", { value: long });
  for (const value of [long, many, named]) expect(describeValue(value).length).toBeLessThan(200);
});
