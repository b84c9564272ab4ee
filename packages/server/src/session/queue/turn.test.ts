import { describe, expect, test, vi } from "vitest";
import { FakeClock } from "../timing/clock.fixture.js";
import { TurnBudget } from "./turn.js";

describe("a turn's share", () => {
  test("is 64 messages", () => {
    const budget = new TurnBudget(new FakeClock(), () => {});
    for (let taken = 0; taken < 64; taken += 1) expect(budget.spend()).toBe(true);
    expect(budget.spend()).toBe(false);
    expect(budget.spend()).toBe(false);
  });

  test("is new in the next turn, and that is told when it is so", () => {
    const clock = new FakeClock();
    const taken: boolean[] = [];
    const budget: TurnBudget = new TurnBudget(clock, () => taken.push(budget.spend()));
    for (let count = 0; count < 64; count += 1) budget.spend();
    clock.turn();
    expect(taken).toEqual([true]);
  });

  test("asks for the next turn when it is used up, and not before", () => {
    const clock = new FakeClock();
    const onTurn = vi.fn();
    const budget = new TurnBudget(clock, onTurn);
    for (let taken = 0; taken < 63; taken += 1) budget.spend();
    expect(clock.turns).toBe(0);
    budget.spend();
    expect(clock.turns).toBe(1);
    clock.turn();
    expect(onTurn).toHaveBeenCalledOnce();
    expect(clock.turns).toBe(0);
  });

  test("is whole again in a turn of its own, though less was taken in the one before", () => {
    const clock = new FakeClock();
    const budget = new TurnBudget(clock, () => {});
    for (let taken = 0; taken < 63; taken += 1) budget.spend();
    clock.turn();
    for (let taken = 0; taken < 64; taken += 1) expect(budget.spend()).toBe(true);
  });

  test("may be taken from as soon as its turn has begun", () => {
    const clock = new FakeClock();
    let left = 100;
    const budget: TurnBudget = new TurnBudget(clock, () => take());
    const take = (): void => {
      for (; left > 0 && budget.spend(); left -= 1);
    };
    take();
    expect(left).toBe(36);
    clock.turn();
    expect(left).toBe(0);
  });
});
