import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Position } from "./engine.js";
import { RecentKeys } from "./recent-keys.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Publishes with a key; gives the number that it got. */
function setUp(): (topic: string, key: string) => Promise<number> {
  const keys = new RecentKeys();
  let last = 0;
  const publish = async (): Promise<Position> => {
    last += 1;
    return { epoch: "e", sequence: last };
  };
  return async (topic, key) => (await keys.once(topic, key, publish)).sequence;
}

test("a key is one publish of its topic for two minutes", async () => {
  const publish = setUp();
  expect([await publish("t", "a"), await publish("t", "a"), await publish("u", "a")]).toEqual([1, 1, 2]);
  vi.advanceTimersByTime(119_999);
  expect(await publish("t", "a")).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await publish("t", "a")).toBe(3);
});

test("no more than 10,000 are remembered; the oldest is forgotten first", async () => {
  const publish = setUp();
  for (let count = 1; count <= 10_001; count += 1) await publish("t", String(count));
  expect(await publish("t", "10001")).toBe(10_001);
  expect(await publish("t", "1")).toBe(10_002);
});

test("a publish that failed is none", async () => {
  const keys = new RecentKeys();
  await expect(keys.once("t", "a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  const position = { epoch: "e", sequence: 1 };
  expect(await keys.once("t", "a", async () => position)).toBe(position);
});
