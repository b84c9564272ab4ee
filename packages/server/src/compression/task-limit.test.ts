import { expect, test } from "vitest";
import { TaskLimit } from "./task-limit.js";

test("so many tasks run at once, and the others in order as each of them ends", () => {
  const limit = new TaskLimit(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  for (let task = 0; task < 5; task += 1) {
    limit.run((done) => {
      started.push(task);
      ends.push(done);
    });
  }
  expect(started).toEqual([0, 1]);
  ends[1]?.();
  expect(started).toEqual([0, 1, 2]);
  for (let task = 0; task < 5; task += 1) if (task !== 1) ends[task]?.();
  expect(started).toEqual([0, 1, 2, 3, 4]);
  limit.run(() => started.push(5));
  expect(started).toHaveLength(6);
});
