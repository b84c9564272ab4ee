import { expect, test } from "vitest";
import { Sequence } from "./sequence.js";

function follow(...sequences: readonly number[]): Sequence {
  const sequence = new Sequence();
  for (const each of sequences) sequence.take(each);
  return sequence;
}

test("finds nothing wrong with 1, 2, 3", () => {
  const sequence = follow(1, 2, 3);
  sequence.end(3);
  expect(sequence).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
});

test("counts what is missing between two, before the first and after the last", () => {
  const sequence = follow(2, 3, 6);
  expect(sequence.lost).toBe(3);
  sequence.end(8);
  expect(sequence).toMatchObject({ lost: 5, duplicated: 0, reordered: 0 });
});

test("counts what comes again, also when it was late the first time", () => {
  expect(follow(1, 1, 2, 1)).toMatchObject({ lost: 0, duplicated: 2, reordered: 0 });
  expect(follow(1, 3, 2, 2)).toMatchObject({ lost: 0, duplicated: 1, reordered: 1 });
});

test("counts what comes late as out of order, and no longer as lost", () => {
  expect(follow(1, 3, 4, 2, 5)).toMatchObject({ lost: 0, duplicated: 0, reordered: 1, last: 5 });
});
