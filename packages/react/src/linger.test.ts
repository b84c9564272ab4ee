import { expect, onTestFinished, test, vi } from "vitest";
import { linger } from "./linger.js";

test("it starts for the first, and stops a second after the last; who comes within that time finds it running", () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const stop = vi.fn();
  const start = vi.fn((_changed: () => void) => stop);
  const use = linger(start);
  const [one, other] = [vi.fn(), vi.fn()];
  const [first, second] = [use(one), use(other)];
  start.mock.calls[0]?.[0]();
  first();
  start.mock.calls[0]?.[0]();
  expect([one.mock.calls.length, other.mock.calls.length]).toEqual([1, 2]);
  vi.advanceTimersByTime(5_000);
  second();
  vi.advanceTimersByTime(999);
  const third = use(one);
  vi.advanceTimersByTime(5_000);
  expect([start.mock.calls.length, stop.mock.calls.length]).toEqual([1, 0]);
  third();
  vi.advanceTimersByTime(1_000);
  expect(stop).toHaveBeenCalledTimes(1);
  use(one);
  expect(start).toHaveBeenCalledTimes(2);
});
