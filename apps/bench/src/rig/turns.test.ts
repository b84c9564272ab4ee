import { describe, expect, test } from "vitest";
import { orderOf, turnsIn } from "./turns.js";

describe("the order of turns", () => {
  test("is reversed in every second turn, and begins with another after two", () => {
    expect([0, 1, 2, 3].map((turn) => orderOf(["a", "b", "c"], turn).join(""))).toEqual([
      "abc",
      "cba",
      "bca",
      "acb",
    ]);
  });

  test("has everyone as often before the control as behind it", () => {
    const turns = Array.from({ length: 12 }, (_, turn) => orderOf([0, 1, 2, 3, 4, 5, 6], turn));
    for (const other of [1, 2, 3, 4, 5, 6]) {
      expect(turns.filter((turn) => turn.indexOf(other) < turn.indexOf(0))).toHaveLength(6);
    }
  });

  test("is gone through as often forwards as backwards", () => {
    expect(turnsIn(3_000, 50)).toBe(60);
    expect(turnsIn(3_000, 200)).toBe(16);
    expect(turnsIn(100, 200)).toBe(2);
  });

  test("is that of the one who is alone", () => {
    expect(orderOf(["a"], 3)).toEqual(["a"]);
  });
});
