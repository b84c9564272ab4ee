import { expect, test } from "vitest";
import { resolveClosing } from "./closing.js";

const longest = 2_147_483_647;

test("without options: all at once, 10 s of grace, 1012", () => {
  const defaults = { grace: 10_000, window: 0, code: 1012, reason: "", signal: undefined };
  expect(resolveClosing()).toEqual(defaults);
  expect(resolveClosing({})).toEqual(defaults);
});

test("what is given stands", () => {
  const { signal } = new AbortController();
  const given = { grace: 0, drain: { window: 30_000 }, code: 4_000, reason: "reload", signal };
  expect(resolveClosing(given)).toEqual({ grace: 0, window: 30_000, code: 4_000, reason: "reload", signal });
});

test.each([
  [{ grace: -1 }, /options\.grace: expected a number from 0 to 2147483647, got -1/],
  [{ grace: Number.NaN }, /options\.grace: .*got NaN/],
  [{ drain: { window: longest + 1 } }, /options\.drain\.window: .*got 2147483648/],
  [{ grace: 1, drain: { window: longest } }, /options\.grace \+ options\.drain\.window: /],
  [{ reason: "é".repeat(62) }, /options\.reason: expected a text of at most 123 bytes, got "é/],
  [{ code: 1006 }, /options\.code: expected .*, got 1006/],
])("%j is refused, with the range", (given, message) => {
  expect(() => resolveClosing(given)).toThrow(TypeError);
  expect(() => resolveClosing(given)).toThrow(message);
});
