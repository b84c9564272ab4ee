import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BroadcastError } from "./broadcast-error.js";
import { Deadlines } from "./deadlines.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a signal is aborted at the time-out, and says so", () => {
  const { signal } = new Deadlines(5_000);
  vi.advanceTimersByTime(4_999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.reason).toMatchObject({ code: "ERR_WS_PUBLISH_TIMEOUT" });
  expect((signal.reason as Error).message).toMatch(/within 5000 ms/);
});

test("calls within a hundredth of the time-out share one; the next has its own", () => {
  const deadlines = new Deadlines(5_000);
  const first = deadlines.signal;
  vi.advanceTimersByTime(49);
  expect(deadlines.signal).toBe(first);
  vi.advanceTimersByTime(1);
  const second = deadlines.signal;
  expect(second).not.toBe(first);
  vi.advanceTimersByTime(4_950);
  expect([first.aborted, second.aborted]).toEqual([true, false]);
  vi.advanceTimersByTime(50);
  expect(second.aborted).toBe(true);
});

test("close aborts all of them, leaves no timer, and every later one is aborted too", () => {
  const deadlines = new Deadlines(5_000);
  const { signal } = deadlines;
  const reason = new BroadcastError("ERR_WS_BROADCAST_CLOSED", "closed");
  deadlines.close(reason);
  vi.advanceTimersByTime(100);
  expect([signal.reason, deadlines.signal.reason]).toEqual([reason, reason]);
  expect(vi.getTimerCount()).toBe(0);
});
