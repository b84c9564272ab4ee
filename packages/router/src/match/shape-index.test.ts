import { builtIn } from "@ws/contract/path";
import { describe, expect, test } from "vitest";
import { paramParserOf } from "./param-parser.js";
import type { Shape } from "./shape.js";
import { ShapeIndex } from "./shape-index.js";

const shape = (prefix: string, suffix: string, converter = builtIn.str): Shape => ({
  prefix,
  suffix,
  fields: [{ literal: prefix, converter, read: paramParserOf(converter), until: "" }],
});
const candidates = <Target>(index: ShapeIndex<Target>, text: string): Target[] =>
  index.candidates(text, 0, text.length).map(({ target }) => target);

describe("an index of shapes", () => {
  test("has no candidates while it is empty", () => {
    expect(candidates(new ShapeIndex(), "a")).toEqual([]);
  });

  test("gives a shape that is there its first target", () => {
    const index = new ShapeIndex<number>();
    expect(index.getOrAdd(shape("a", "b"), () => 1)).toBe(1);
    expect(index.getOrAdd(shape("a", "b"), () => 2)).toBe(1);
    expect(index.getOrAdd(shape("a", "b", builtIn.slug), () => 3)).toBe(3);
  });

  test("offers those that a text begins and ends with, and no others", () => {
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
    expect(candidates(index, "abc-xyz").sort()).toEqual(["*", "*yz", "a*", "ab*z"]);
    expect(candidates(index, "b-z").sort()).toEqual(["*", "b*z"]);
    expect(candidates(index, "")).toEqual(["*"]);
  });

  test("looks at no more of a path than the piece that it is asked for", () => {
    const index = new ShapeIndex<number>();
    index.getOrAdd(shape("a", "z"), () => 1);
    index.getOrAdd(shape("ab", ""), () => 2);
    index.getOrAdd(shape("", "yz"), () => 3);
    const targets = (from: number, to: number) =>
      index.candidates("/abyz/", from, to).map(({ target }) => target);
    expect(targets(1, 5)).toEqual([3, 1, 2]);
    expect(targets(1, 4)).toEqual([2]);
    expect(targets(2, 5)).toEqual([3]);
    expect(targets(1, 2)).toEqual([]);
  });

  test("looks at one entry among ten thousand that differ in a literal", () => {
    const index = new ShapeIndex<number>();
    for (let id = 0; id < 10_000; id += 1) index.getOrAdd(shape(`room-${id}-`, `-${id}`), () => id);
    expect(candidates(index, "room-77-x-77")).toEqual([77]);
  });
});
