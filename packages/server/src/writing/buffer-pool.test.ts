import { describe, expect, test } from "vitest";
import { BufferPool } from "./buffer-pool.js";

describe("memory for a large frame", () => {
  test("is as much as was asked for, and not twice as much", () => {
    const bufferPool = new BufferPool();
    for (const bytes of [65_537, 131_072, 1_048_586]) {
      const memory = bufferPool.lend(bytes);
      expect(memory.length).toBeGreaterThanOrEqual(bytes);
      expect(memory.length).toBeLessThan(bytes * 2);
    }
  });

  test("is used again once it was given back, and never by two at a time", () => {
    const bufferPool = new BufferPool();
    const first = bufferPool.lend(100_000);
    expect(bufferPool.lend(100_000)).not.toBe(first);
    bufferPool.giveBack(first);
    expect(bufferPool.kept).toBe(first.length);
    expect(bufferPool.lend(100_000)).toBe(first);
    expect(bufferPool.kept).toBe(0);
    expect(bufferPool.lend(100_000)).not.toBe(first);
  });

  test("of another size is used for one that fits and fills half of it", () => {
    const bufferPool = new BufferPool();
    const memory = bufferPool.lend(200_000);
    bufferPool.giveBack(memory);
    expect(bufferPool.lend(memory.length + 1)).not.toBe(memory);
    expect(bufferPool.lend(memory.length / 2 - 1)).not.toBe(memory);
    expect(bufferPool.lend(memory.length / 2)).toBe(memory);
  });
});

test("no more than 4 MiB are kept", () => {
  const bufferPool = new BufferPool();
  const lent = Array.from({ length: 5 }, () => bufferPool.lend(1_048_576));
  for (const memory of lent) bufferPool.giveBack(memory);
  expect(bufferPool.kept).toBe(4 * 1_048_576);
  bufferPool.giveBack(bufferPool.lend(8_388_608));
  expect(bufferPool.kept).toBe(4 * 1_048_576);
});
