import { expect, test, vi } from "vitest";
import { backoff } from "./backoff.js";

test("the bound of a pause begins at 50 ms, doubles, and stays at 1 s", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  expect([0, 1, 2, 3, 4, 5, 6, 2_000].map(backoff)).toEqual([50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
});

test("a pause is anywhere below its bound", () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0).mockReturnValueOnce(0.5);
  expect([backoff(3), backoff(3)]).toEqual([0, 200]);
});
