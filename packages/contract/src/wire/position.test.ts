import fc from "fast-check";
import { expect, test } from "vitest";
import { formatPosition, parsePosition } from "./position.js";

test("a position is its epoch and its sequence, split at the last dot", () => {
  expect(formatPosition({ epoch: "k3j9xq2a", sequence: 41 })).toBe("k3j9xq2a.41");
  expect(parsePosition("a.b.7")).toEqual({ epoch: "a.b", sequence: 7 });
  expect(parsePosition("a.0")).toEqual({ epoch: "a", sequence: 0 });
});

test.each([
  "",
  ".",
  "a",
  "a.",
  ".1",
  "a.-1",
  "a.1.5.",
  "a.01",
  "a.1e3",
  "a. 1",
  "a.9007199254740992",
  "a.NaN",
])("%j is no position", (at) => {
  expect(parsePosition(at)).toBeUndefined();
});

test("every position is read as it was written (property)", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.maxSafeNat(), (epoch, sequence) => {
      expect(parsePosition(formatPosition({ epoch, sequence }))).toEqual({ epoch, sequence });
    }),
  );
});
