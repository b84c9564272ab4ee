import { expect, test } from "vitest";
import { randomNumbers } from "./fake.fixture.js";
import { Tally } from "./tally.js";

test("a key counts as often as it entered and has not left", () => {
  const tally = new Tally<string>();
  tally.enter("a");
  tally.enter("a");
  tally.enter("b");
  tally.leave("a");
  expect([tally.count("a"), tally.count("b"), tally.count("c")]).toEqual([1, 1, 0]);
});

test("a key that has left as often as it entered takes no room", () => {
  const tally = new Tally<string>();
  tally.enter("a");
  tally.enter("b");
  tally.leave("a");
  expect(tally.size).toBe(1);
  tally.leave("b");
  expect(tally.size).toBe(0);
});

test("whatever the order, it holds the keys that are present and no other", () => {
  const random = randomNumbers(3);
  const tally = new Tally<number>();
  const present: number[] = [];
  for (let step = 0; step < 2_000; step += 1) {
    if (random() < 0.5 || present.length === 0) {
      const key = Math.floor(random() * 10);
      present.push(key);
      tally.enter(key);
    } else {
      const [key = 0] = present.splice(Math.floor(random() * present.length), 1);
      tally.leave(key);
    }
    expect(tally.size).toBe(new Set(present).size);
    const key = Math.floor(random() * 10);
    expect(tally.count(key)).toBe(present.filter((each) => each === key).length);
  }
  for (const key of present) tally.leave(key);
  expect(tally.size).toBe(0);
});
