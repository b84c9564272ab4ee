import { expect, test } from "vitest";
import { quantile, summarize } from "./statistics.js";

test.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 2, 3], 0.5, 2.5],
  [[10, 9], 1, 10],
  [[10, 9], 0, 9],
  [[7], 0.99, 7],
])("the quantile of %j at %d is %d", (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});

test("nothing has no quantile", () => {
  expect(quantile([], 0.5)).toBeNaN();
});

test("a summary is the median between the least and the most", () => {
  expect(summarize([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5 });
});
