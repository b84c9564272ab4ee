import { expect, test } from "vitest";
import { randomNumbers } from "../random.fixture.js";
import { TokenBucket } from "./token-bucket.js";

test("a bucket is full at first: so much at once, and no more", () => {
  const bucket = new TokenBucket(3, 1_000, 1, 0);
  expect([1, 1, 1, 1].map((amount) => bucket.take(amount, 0))).toEqual([true, true, true, false]);
});

test("it gains its limit in every period, evenly", () => {
  const bucket = new TokenBucket(3, 900, 1, 0);
  expect(bucket.take(3, 0)).toBe(true);
  expect(bucket.take(1, 299)).toBe(false);
  expect(bucket.take(1, 300)).toBe(true);
  expect(bucket.take(1, 599)).toBe(false);
  expect(bucket.take(2, 900)).toBe(true);
});

test("it never holds more than its limit, times the burst", () => {
  const bucket = new TokenBucket(2, 1_000, 3, 0);
  expect(bucket.take(7, 100_000)).toBe(false);
  expect(bucket.take(6, 100_000)).toBe(true);
  expect(bucket.take(1, 100_000)).toBe(false);
});

test("what it refuses costs nothing", () => {
  const bucket = new TokenBucket(5, 1_000, 1, 0);
  expect(bucket.take(6, 0)).toBe(false);
  expect(bucket.take(5, 0)).toBe(true);
});

test("a client that is exactly at the limit is never refused", () => {
  const bucket = new TokenBucket(7, 1_000, 1, 0);
  for (let second = 0; second < 1_000; second += 1) expect(bucket.take(7, second * 1_000)).toBe(true);
});

test("over any time t, no more than limit × burst + limit × t ÷ per gets through", () => {
  const random = randomNumbers(7);
  for (let run = 0; run < 50; run += 1) {
    const limit = 1 + Math.floor(random() * 20);
    const burst = 1 + random() * 3;
    const bucket = new TokenBucket(limit, 1_000, burst, 0);
    const passed: { at: number; amount: number }[] = [];
    let at = 0;
    for (let step = 0; step < 100; step += 1) {
      at += Math.floor(random() * 200);
      const amount = Math.floor(random() * 5);
      if (bucket.take(amount, at)) passed.push({ at, amount });
    }
    for (const [index, first] of passed.entries()) {
      let sum = 0;
      for (const each of passed.slice(index)) {
        sum += each.amount;
        expect(sum).toBeLessThanOrEqual(limit * burst + (limit * (each.at - first.at)) / 1_000 + 1e-9);
      }
    }
  }
});
