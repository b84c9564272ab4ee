import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { systemClock } from "./system-clock.js";

describe("the system's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("counts milliseconds", () => {
    const before = systemClock.now();
    vi.advanceTimersByTime(250);
    expect(systemClock.now() - before).toBe(250);
  });

  test("does not follow a jump of the wall clock", () => {
    const before = systemClock.now();
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(systemClock.now()).toBe(before);
  });

  test("calls back when the time is up, once", () => {
    const callback = vi.fn();
    systemClock.setTimeout(callback, 100);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  test("forgets a time-out that was cleared, and takes one that never was", () => {
    const callback = vi.fn();
    systemClock.clearTimeout(systemClock.setTimeout(callback, 100));
    systemClock.clearTimeout(undefined);
    vi.advanceTimersByTime(1_000);
    expect(callback).not.toHaveBeenCalled();
  });
});

describe("the next turn", () => {
  test("comes after what this turn still has to do", async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      systemClock.nextTurn(() => {
        order.push("next turn");
        resolve();
      });
      process.nextTick(() => order.push("tick"));
      order.push("now");
    });
    expect(order).toEqual(["now", "tick", "next turn"]);
  });
});

describe("the current turn", () => {
  const nextTurn = (): Promise<void> => new Promise((resolve) => systemClock.nextTurn(resolve));

  test("is the same until the turn is over, and another in the next", async () => {
    const turn = systemClock.currentTurn();
    await Promise.resolve();
    expect(systemClock.currentTurn()).toBe(turn);
    await nextTurn();
    expect(systemClock.currentTurn()).not.toBe(turn);
  });

  test("goes on where somebody else's fake timers stand still", async () => {
    vi.useFakeTimers();
    const turn = systemClock.currentTurn();
    await nextTurn();
    expect(systemClock.currentTurn()).not.toBe(turn);
    vi.useRealTimers();
  });
});

describe("the clock of the tests", () => {
  test("counts its turns", () => {
    const clock = new FakeClock();
    const turn = clock.currentTurn();
    clock.turn();
    expect(clock.currentTurn()).toBe(turn + 1);
  });

  test("runs what falls due in order, each at its own time", () => {
    const clock = new FakeClock();
    const runs: [string, number][] = [];
    const at = (name: string, milliseconds: number): unknown =>
      clock.setTimeout(() => runs.push([name, clock.now()]), milliseconds);
    at("b", 20);
    at("a", 10);
    at("c", 20);
    at("late", 31);
    clock.setTimeout(() => at("nested", 5), 10);
    expect(clock.pending).toBe(5);
    clock.advance(30);
    expect(runs).toEqual([
      ["a", 10],
      ["nested", 15],
      ["b", 20],
      ["c", 20],
    ]);
    expect(clock.now()).toBe(30);
    expect(clock.pending).toBe(1);
  });

  test("forgets what was cleared", () => {
    const clock = new FakeClock();
    const callback = vi.fn();
    clock.clearTimeout(clock.setTimeout(callback, 1));
    clock.clearTimeout(undefined);
    clock.advance(10);
    expect(callback).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });

  test("runs late what fell due while it stood still", () => {
    const clock = new FakeClock();
    const times: number[] = [];
    clock.setTimeout(() => times.push(clock.now()), 10);
    clock.stall(50);
    expect(times).toEqual([]);
    clock.advance(0);
    expect(times).toEqual([50]);
  });

  test("begins a turn when told, and after each timer", () => {
    const clock = new FakeClock();
    const order: string[] = [];
    clock.nextTurn(() => {
      order.push("first");
      clock.nextTurn(() => order.push("second"));
    });
    expect(clock.turns).toBe(1);
    clock.turn();
    expect(order).toEqual(["first"]);
    clock.setTimeout(() => order.push("timer"), 1);
    clock.advance(1);
    expect(order).toEqual(["first", "timer", "second"]);
  });
});
