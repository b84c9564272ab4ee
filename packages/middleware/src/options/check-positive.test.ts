import { expect, test } from "vitest";
import { checkPositive } from "./check-positive.js";

test.each([undefined, 1, 0.5, Number.POSITIVE_INFINITY])("%s may be an option", (value) => {
  expect(() => checkPositive("a.b", value)).not.toThrow();
});

test.each([0, -1, Number.NaN, "5", null])("%j may not, and the error names the option", (value) => {
  expect(() => checkPositive("a.b", value as number)).toThrow(`a.b: expected a number above 0, got ${value}`);
});

test("what is above the most may not", () => {
  expect(() => checkPositive("a.b", 10, 10)).not.toThrow();
  expect(() => checkPositive("a.b", 11, 10)).toThrow("a.b: expected a number above 0 and at most 10, got 11");
});
