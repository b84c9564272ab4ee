import { expect, test } from "vitest";
import { RedisTurns } from "./redis-turns.js";

test("the first is done at once, the next when it has ended, in whatever way", async () => {
  const turns = new RedisTurns();
  const done: string[] = [];
  let fail: (reason: Error) => void = () => undefined;
  const first = turns.take("a", () => {
    done.push("first");
    return new Promise<void>((_, reject) => {
      fail = reject;
    });
  });
  const second = turns.take("a", async () => done.push("second"));
  expect(done).toEqual(["first"]);
  await turns.take("b", async () => done.push("other"));
  expect(done).toEqual(["first", "other"]);
  fail(new Error("failed"));
  await expect(first).rejects.toThrow("failed");
  expect(await second).toBe(3);
});

test("when all have ended, the next is done at once again", async () => {
  const turns = new RedisTurns();
  await Promise.all([turns.take("a", async () => 1), turns.take("a", async () => 2)]);
  let isDone = false;
  const third = turns.take("a", async () => {
    isDone = true;
  });
  expect(isDone).toBe(true);
  await third;
});
