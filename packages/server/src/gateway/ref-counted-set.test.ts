import { describe, expect, test } from "vitest";
import { RefCountedSet } from "./ref-counted-set.js";

describe("a roll", () => {
  test("counts and lists who is here", () => {
    const roll = new RefCountedSet<string>();
    roll.enter("a", 1);
    roll.enter("b", 1);
    expect(roll.size).toBe(2);
    expect([...roll]).toEqual(["a", "b"]);
  });

  test("holds a member until it has been left as often as was said", () => {
    const roll = new RefCountedSet<string>();
    roll.enter("a", 2);
    roll.leave("a");
    expect(roll.size).toBe(1);
    roll.leave("a");
    expect(roll.size).toBe(0);
    roll.leave("a");
    expect(roll.size).toBe(0);
  });

  test("is empty at once when nobody is here", async () => {
    await expect(new RefCountedSet().empty()).resolves.toBeUndefined();
  });

  test("tells all who wait when the last has left, and not before", async () => {
    const roll = new RefCountedSet<string>();
    roll.enter("a", 1);
    roll.enter("b", 1);
    let told = 0;
    const waits = [roll.empty(), roll.empty()].map((empty) =>
      empty.then(() => {
        told += 1;
      }),
    );
    roll.leave("a");
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toBe(0);
    roll.leave("b");
    await Promise.all(waits);
    expect(told).toBe(2);
  });

  test("can fill and empty again", async () => {
    const roll = new RefCountedSet<string>();
    roll.enter("a", 1);
    roll.leave("a");
    roll.enter("b", 1);
    const empty = roll.empty();
    roll.leave("b");
    await expect(empty).resolves.toBeUndefined();
  });

  test("lets its members leave while it is read", () => {
    const roll = new RefCountedSet<() => void>();
    const seen: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      const member = (): void => {
        seen.push(index);
        roll.leave(member);
      };
      roll.enter(member, 1);
    }
    for (const member of roll) member();
    expect(seen).toEqual([0, 1, 2]);
    expect(roll.size).toBe(0);
  });
});
