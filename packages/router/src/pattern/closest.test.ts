import { expect, test } from "vitest";
import { didYouMean } from "./closest.js";

const names = ["str", "int", "slug", "uuid", "path"];

test.each([
  ["itn", "int"],
  ["Int", "int"],
  ["inte", "int"],
  ["slog", "slug"],
  ["uid", "uuid"],
  ["patth", "path"],
  ["number", "int"],
  ["string", "str"],
  ["any", "path"],
])("%s is probably %s", (typed, meant) => {
  expect(didYouMean(typed, names)).toBe(`; did you mean "${meant}"?`);
});

test.each(["float", "", "hexadecimal", "x".repeat(1_000)])("%s is nothing that it knows", (typed) => {
  expect(didYouMean(typed, names)).toBe("");
});

test("of two that are near, the nearer is meant", () => {
  expect(didYouMean("slogg", ["slug", "slog"])).toBe('; did you mean "slog"?');
});

test("a synonym is offered where there is such a converter alone", () => {
  expect(didYouMean("integer", ["hex"])).toBe("");
});
