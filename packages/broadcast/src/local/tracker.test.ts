import { describe, expect, test } from "vitest";
import { duplicate, Tracker } from "./tracker.js";

describe.each(["topic", "publisher"] as const)("of an engine whose order is the %s's", (order) => {
  test("the first message is no news, whatever its number", () => {
    const tracker = new Tracker(order);
    expect(tracker.last).toBeUndefined();
    expect(tracker.accept("a", 7)).toBeUndefined();
    expect(tracker.last).toEqual({ epoch: "a", sequence: 7 });
  });

  test("the next one is none either", () => {
    const tracker = new Tracker(order);
    expect([1, 2, 3].map((sequence) => tracker.accept("a", sequence))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(tracker.last).toEqual({ epoch: "a", sequence: 3 });
  });

  test("one that came before is a duplicate, and changes nothing", () => {
    const tracker = new Tracker(order);
    for (const sequence of [1, 2, 3]) tracker.accept("a", sequence);
    expect([3, 1].map((sequence) => tracker.accept("a", sequence))).toEqual([duplicate, duplicate]);
    expect(tracker.accept("a", 4)).toBeUndefined();
  });

  test("a hole is told with its size and the position before it", () => {
    const tracker = new Tracker(order);
    tracker.accept("a", 1);
    expect(tracker.accept("a", 5)).toEqual({ reason: "lost", missed: 3, after: { epoch: "a", sequence: 1 } });
    expect(tracker.accept("a", 6)).toBeUndefined();
    expect(tracker.accept("a", 3)).toBe(duplicate);
  });

  test("what lies before a known head was before our time", () => {
    const tracker = new Tracker(order);
    tracker.skipTo({ epoch: "a", sequence: 5 });
    expect(tracker.last).toEqual({ epoch: "a", sequence: 5 });
    expect(tracker.accept("a", 5)).toBe(duplicate);
    expect(tracker.accept("a", 7)).toMatchObject({ reason: "lost", missed: 1 });
  });

  test("a head that lies behind what came changes nothing", () => {
    const tracker = new Tracker(order);
    tracker.accept("a", 7);
    tracker.skipTo({ epoch: "a", sequence: 5 });
    expect(tracker.last).toEqual({ epoch: "a", sequence: 7 });
  });

  test("after an interruption that was told, a jump is no news; the one after it is", () => {
    const tracker = new Tracker(order);
    tracker.accept("a", 1);
    tracker.skipTo(undefined);
    expect(tracker.accept("a", 9)).toBeUndefined();
    expect(tracker.accept("a", 11)).toMatchObject({ reason: "lost", missed: 1 });
    tracker.skipTo(undefined);
    expect(tracker.accept("a", 12)).toBeUndefined();
    expect(tracker.accept("a", 14)).toMatchObject({ reason: "lost", missed: 1 });
  });

  test("after one, another epoch is no news either, and what came before is still a duplicate", () => {
    const tracker = new Tracker(order);
    tracker.accept("a", 3);
    tracker.skipTo(undefined);
    expect(tracker.accept("a", 2)).toBe(duplicate);
    expect(tracker.accept("b", 4)).toBeUndefined();
  });

  test("knows what has come or was told as missed, in every epoch", () => {
    const tracker = new Tracker(order);
    tracker.accept("a", 3);
    tracker.accept("b", 1);
    const has = (epoch: string, sequence: number): boolean => tracker.has({ epoch, sequence });
    expect([has("a", 3), has("a", 4), has("b", 1), has("b", 2), has("c", 1)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

test("of a topic's order, another epoch is a gap of unknown size", () => {
  const tracker = new Tracker("topic");
  tracker.accept("a", 3);
  const hole = { reason: "epoch", missed: undefined, after: { epoch: "a", sequence: 3 } };
  expect(tracker.accept("b", 1)).toEqual(hole);
  expect(tracker.accept("b", 2)).toBeUndefined();
  expect(tracker.accept("a", 3)).toBe(duplicate);
  expect(tracker.accept("a", 4)).toMatchObject({ reason: "epoch", after: { epoch: "b", sequence: 2 } });
});

test("of the publishers' own order, each is counted by itself", () => {
  const tracker = new Tracker("publisher");
  const told = [
    tracker.accept("a", 1),
    tracker.accept("b", 1),
    tracker.accept("a", 2),
    tracker.accept("b", 2),
    tracker.accept("a", 4),
    tracker.accept("b", 3),
  ];
  const hole = { reason: "lost", missed: 1, after: { epoch: "a", sequence: 2 } };
  expect(told).toEqual([undefined, undefined, undefined, undefined, hole, undefined]);
});

test("remembers 1,024 epochs: those that were heard of last", () => {
  const tracker = new Tracker("publisher");
  for (let epoch = 0; epoch < 1_024; epoch += 1) tracker.accept(`${epoch}`, 1);
  tracker.accept("0", 2);
  tracker.accept("one more", 1);
  expect(tracker.has({ epoch: "0", sequence: 2 })).toBe(true);
  expect(tracker.has({ epoch: "1", sequence: 1 })).toBe(false);
  expect(tracker.has({ epoch: "2", sequence: 1 })).toBe(true);
});
