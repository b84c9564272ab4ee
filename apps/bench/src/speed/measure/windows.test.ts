import { describe, expect, test } from "vitest";
import { costOf, sampleOf, type Window } from "./windows.js";

function windowOf(messages: number, cpu: number): Window {
  return { messages, cpu, wall: 200, load: 100, others: 20, median: 3, p99: 9 };
}

describe("what a message costs", () => {
  test("is all CPU time over all messages: a window with a collection of garbage counts in full", () => {
    expect(costOf([windowOf(10, 100), windowOf(10, 100), windowOf(5, 150)], "cpu")).toBe(14);
  });

  test("is the mean round trip where that is the figure", () => {
    expect(costOf([windowOf(10, 1), windowOf(30, 1)], "latency")).toBe(10);
  });
});

describe("a sample", () => {
  test("has the ratio of the sums, and the ratio to the control's window of the same turn", () => {
    const own = [windowOf(10, 100), windowOf(30, 300)];
    const control = [windowOf(10, 80), windowOf(10, 160)];
    expect(sampleOf(own, control, "cpu")).toMatchObject({ value: 10, ratio: 1.2, ratios: [0.8, 1.6] });
  });

  test("has no ratio without a control", () => {
    expect(sampleOf([windowOf(10, 100)], undefined, "cpu")).toMatchObject({ ratio: undefined, ratios: [] });
  });

  test("says whose CPU was busy, over all windows", () => {
    expect(sampleOf([windowOf(10, 100), windowOf(30, 300)], undefined, "cpu").details).toEqual({
      messages: 40,
      perSecond: 100_000,
      serverShare: 1,
      loadShare: 0.5,
      otherShare: 0.1,
      latency: 3,
      latency99: 9,
    });
  });
});
