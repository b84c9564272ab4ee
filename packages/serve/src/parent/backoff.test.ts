import { expect, test } from "vitest";
import { Backoff } from "./backoff.js";

const most = (): number => 1;
const failed = { wasReady: false, life: 100, wasKilled: false };

test("the pause doubles from 0.1 s to 30 s while it fails, and by chance is up to half as long", () => {
  const backoff = new Backoff(most);
  expect(Array.from({ length: 11 }, () => backoff.after(failed))).toEqual([
    100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
  ]);
  expect(new Backoff(() => 0).after(failed)).toBe(50);
  expect(new Backoff().after(failed)).toBeGreaterThanOrEqual(50);
});

test("who has lived for a minute, or worked and was killed, begins anew", () => {
  const backoff = new Backoff(most);
  for (let count = 0; count < 5; count += 1) backoff.after(failed);
  expect(backoff.after({ ...failed, life: 60_000 })).toBe(100);
  backoff.after(failed);
  expect(backoff.after({ wasReady: true, life: 900, wasKilled: true })).toBe(100);
  expect(backoff.after({ wasReady: false, life: 900, wasKilled: true })).toBe(200);
});
