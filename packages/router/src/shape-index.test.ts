import { describe, expect, it } from "vitest";
import { builtIn } from "./converter.js";
import type { Shape } from "./shape.js";
import { ShapeIndex } from "./shape-index.js";

const shape = (prefix: string, suffix: string, converter = builtIn.str): Shape => ({
  prefix,
  suffix,
  fields: [{ literal: prefix, converter, until: "" }],
});

describe("an index of shapes", () => {
  it("has no candidates while it is empty", () => {
    expect(new ShapeIndex().candidates("a", "a")).toEqual([]);
  });

  it("gives a shape that is there its first target", () => {
    const index = new ShapeIndex<number>();
    expect(index.getOrAdd(shape("a", "b"), () => 1)).toBe(1);
    expect(index.getOrAdd(shape("a", "b"), () => 2)).toBe(1);
    expect(index.getOrAdd(shape("a", "b", builtIn.slug), () => 3)).toBe(3);
  });

  it("offers those that a text begins and ends with, and no others", () => {
    const index = new ShapeIndex<string>();
    for (const [prefix, suffix] of [
      ["", ""],
      ["a", ""],
      ["ab", "z"],
      ["b", "z"],
      ["", "yz"],
      ["abcdefg", "z"],
    ] as const) {
      index.getOrAdd(shape(prefix, suffix), () => `${prefix}*${suffix}`);
    }
    const targets = index.candidates("abc", "xyz").map(({ target }) => target);
    expect(targets.sort()).toEqual(["*", "*yz", "a*", "ab*z"]);
    expect(
      index
        .candidates("b", "z")
        .map(({ target }) => target)
        .sort(),
    ).toEqual(["*", "b*z"]);
  });

  it("looks at one entry among ten thousand that differ in a literal", () => {
    const index = new ShapeIndex<number>();
    for (let id = 0; id < 10_000; id += 1) index.getOrAdd(shape(`room-${id}-`, `-${id}`), () => id);
    expect(index.candidates("room-77-x-77", "room-77-x-77")).toMatchObject([{ target: 77 }]);
  });
});
