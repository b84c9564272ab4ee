import { expect, test } from "vitest";
import { Numbers } from "./nats-numbers.js";

test("each topic is counted from 1, by what was taken", () => {
  const numbers = new Numbers();
  expect(numbers.next("a")).toBe(1);
  expect(numbers.next("a")).toBe(1);
  numbers.take("a", 3);
  expect([numbers.next("a"), numbers.next("b")]).toEqual([4, 1]);
});

test("the epoch is this publisher's alone", () => {
  expect(new Numbers().epoch).not.toBe(new Numbers().epoch);
  expect(new Numbers().epoch).toMatch(/^[0-9a-f]{30}$/);
});

test("topics are forgotten before they are too many; no position is given twice, as the epoch is another", () => {
  const numbers = new Numbers();
  const { epoch } = numbers;
  for (let count = 0; count < 65_536; count += 1) {
    numbers.next(`t${count}`);
    numbers.take(`t${count}`, 1);
  }
  expect(numbers.next("t0")).toBe(2);
  expect(numbers.epoch).toBe(epoch);
  expect(numbers.next("one more")).toBe(1);
  expect(numbers.epoch).not.toBe(epoch);
  expect(numbers.next("t0")).toBe(1);
});
