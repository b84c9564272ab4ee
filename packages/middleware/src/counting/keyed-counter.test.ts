import { expect, test } from "vitest";
import { randomNumbers } from "../random.fixture.js";
import { KeyedCounter } from "./keyed-counter.js";

test("a key counts as often as it entered and has not left", () => {
  const counter = new KeyedCounter<string>();
  counter.enter("a");
  counter.enter("a");
  counter.enter("b");
  counter.leave("a");
  expect([counter.count("a"), counter.count("b"), counter.count("c")]).toEqual([1, 1, 0]);
});

test("a key that has left as often as it entered takes no room", () => {
  const counter = new KeyedCounter<string>();
  counter.enter("a");
  counter.enter("b");
  counter.leave("a");
  expect(counter.size).toBe(1);
  counter.leave("b");
  expect(counter.size).toBe(0);
});

test("whatever the order, it holds the keys that are present and no other", () => {
  const random = randomNumbers(3);
  const counter = new KeyedCounter<number>();
  const present: number[] = [];
  for (let step = 0; step < 2_000; step += 1) {
    if (random() < 0.5 || present.length === 0) {
      const key = Math.floor(random() * 10);
      present.push(key);
      counter.enter(key);
    } else {
      const [key = 0] = present.splice(Math.floor(random() * present.length), 1);
      counter.leave(key);
    }
    expect(counter.size).toBe(new Set(present).size);
    const key = Math.floor(random() * 10);
    expect(counter.count(key)).toBe(present.filter((each) => each === key).length);
  }
  for (const key of present) counter.leave(key);
  expect(counter.size).toBe(0);
});
