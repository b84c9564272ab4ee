import { expect, test } from "vitest";
import { KeyedMutex } from "./keyed-mutex.js";

test("the first is done at once, the next when it has ended, in whatever way", async () => {
  const mutex = new KeyedMutex();
  const done: string[] = [];
  let fail: (reason: Error) => void = () => undefined;
  const first = mutex.run("a", () => {
    done.push("first");
    return new Promise<void>((_, reject) => {
      fail = reject;
    });
  });
  const second = mutex.run("a", async () => done.push("second"));
  expect(done).toEqual(["first"]);
  await mutex.run("b", async () => done.push("other"));
  expect(done).toEqual(["first", "other"]);
  fail(new Error("failed"));
  await expect(first).rejects.toThrow("failed");
  expect(await second).toBe(3);
});

test("when all have ended, the next is done at once again", async () => {
  const mutex = new KeyedMutex();
  await Promise.all([mutex.run("a", async () => 1), mutex.run("a", async () => 2)]);
  let isDone = false;
  const third = mutex.run("a", async () => {
    isDone = true;
  });
  expect(isDone).toBe(true);
  await third;
});
