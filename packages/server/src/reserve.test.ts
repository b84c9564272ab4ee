import { describe, expect, test } from "vitest";
import { Reserve } from "./reserve.js";

describe("memory for a large frame", () => {
  test("is as much as was asked for, and not twice as much", () => {
    const reserve = new Reserve();
    for (const bytes of [65_537, 131_072, 1_048_586]) {
      const memory = reserve.lend(bytes);
      expect(memory.length).toBeGreaterThanOrEqual(bytes);
      expect(memory.length).toBeLessThan(bytes * 2);
    }
  });

  test("is used again once it was given back, and never by two at a time", () => {
    const reserve = new Reserve();
    const first = reserve.lend(100_000);
    expect(reserve.lend(100_000)).not.toBe(first);
    reserve.giveBack(first);
    expect(reserve.kept).toBe(first.length);
    expect(reserve.lend(100_000)).toBe(first);
    expect(reserve.kept).toBe(0);
    expect(reserve.lend(100_000)).not.toBe(first);
  });

  test("of another size is used for one that fits and fills half of it", () => {
    const reserve = new Reserve();
    const memory = reserve.lend(200_000);
    reserve.giveBack(memory);
    expect(reserve.lend(memory.length + 1)).not.toBe(memory);
    expect(reserve.lend(memory.length / 2 - 1)).not.toBe(memory);
    expect(reserve.lend(memory.length / 2)).toBe(memory);
  });
});

test("no more than 4 MiB are kept", () => {
  const reserve = new Reserve();
  const lent = Array.from({ length: 5 }, () => reserve.lend(1_048_576));
  for (const memory of lent) reserve.giveBack(memory);
  expect(reserve.kept).toBe(4 * 1_048_576);
  reserve.giveBack(reserve.lend(8_388_608));
  expect(reserve.kept).toBe(4 * 1_048_576);
});
