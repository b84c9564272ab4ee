import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deliveries } from "../../../engine/engine.fixture.js";
import { InOrder } from "./order.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(): { seen: string[]; order: InOrder; tell(epoch: string, ...sequences: number[]): void } {
  const seen: string[] = [];
  const order = new InOrder(({ epoch, sequence }) => seen.push(`${epoch}${sequence}`));
  const tell = (epoch: string, ...sequences: number[]): void => {
    for (const delivery of deliveries(epoch, ...sequences)) order.receive(delivery);
  };
  return { seen, order, tell };
}

test("fault 213: messages that overtook one another are put in order", () => {
  const { seen, tell } = setUp();
  tell("e", 1, 2, 5, 4);
  expect(seen).toEqual(["e1", "e2"]);
  tell("e", 3, 6);
  expect(seen).toEqual(["e1", "e2", "e3", "e4", "e5", "e6"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("fault 213: what is missing for longer than a moment is waited for no more, and comes late if it comes", () => {
  const { seen, tell } = setUp();
  tell("e", 1, 4, 3);
  vi.advanceTimersByTime(100);
  expect(seen).toEqual(["e1", "e3", "e4"]);
  tell("e", 2, 5);
  expect(seen).toEqual(["e1", "e3", "e4", "e2", "e5"]);
});

test("fault 213: where two are missing, the first to come lets those behind it through, and no more", () => {
  const { seen, tell } = setUp();
  tell("e", 1, 3, 5, 2);
  expect(seen).toEqual(["e1", "e2", "e3"]);
  tell("e", 4);
  expect(seen).toEqual(["e1", "e2", "e3", "e4", "e5"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("no more than 1,000 wait", () => {
  const { seen, tell } = setUp();
  tell("e", 1, ...Array.from({ length: 1_001 }, (_, index) => index + 3));
  expect(seen).toHaveLength(1_002);
});

test("another epoch lets go of what waits of the one before", () => {
  const { seen, tell } = setUp();
  tell("e", 7, 9);
  tell("f", 1);
  expect(seen).toEqual(["e7", "e9", "f1"]);
});

test("what waits at the end goes nowhere", () => {
  const { seen, order, tell } = setUp();
  tell("e", 1, 3);
  order.end();
  expect(vi.getTimerCount()).toBe(0);
  expect(seen).toEqual(["e1"]);
});
