import { builtIn } from "@ws/contract/path";
import { describe, expect, test } from "vitest";
import { parsePattern } from "../pattern/pattern.js";
import { covers, matchShape, type Shape, sameShape, shapeOf, type Values } from "./shape.js";

/** The shape of a segment, or of a path's end. */
function shape(pattern: string): Shape {
  const [first, ...rest] = parsePattern(`/${pattern}`, {});
  const made = shapeOf([String(first).slice(1), ...rest].filter((part) => part !== ""));
  if (typeof made === "string") throw new TypeError("expected a parameter");
  return made;
}

/** The values of `text`, which stands in a longer one, as in a path. */
function match(pattern: string, text: string): unknown[] | undefined {
  const values = matchShape(shape(pattern), `/${text}/x`, 1, 1 + text.length);
  return values && listed(values);
}

const listed = ({ value, before }: Values): unknown[] => [
  ...(before === undefined ? [] : listed(before)),
  value,
];

describe("a shape", () => {
  test("is plain text where there is no parameter", () => {
    expect(shapeOf(["a"])).toBe("a");
    expect(shapeOf([])).toBe("");
  });

  test("is one object for all that are one parameter and nothing else", () => {
    expect(shape("<int:a>")).toBe(shape("<int:b>"));
    expect(shape("<int:a>")).not.toBe(shape("<slug:b>"));
  });

  test("is the same whatever its parameters are called", () => {
    expect(sameShape(shape("a-<int:b>.x"), shape("a-<int:c>.x"))).toBe(true);
    for (const other of ["a-<b>.x", "b-<int:b>.x", "a-<int:b>.y", "a-<int:b>.<c>.x"]) {
      expect(sameShape(shape("a-<int:b>.x"), shape(other))).toBe(false);
    }
  });
});

describe("matching a shape", () => {
  test("gives the values in order", () => {
    expect(match("<int:a>", "5")).toEqual([5]);
    expect(match("f-<slug:a>.<int:b>.json", "f-x-y.5.json")).toEqual(["x-y", 5]);
  });

  test("puts them after those before", () => {
    const before = matchShape(shape("<a>"), "/x/5-6", 1, 2);
    expect(matchShape(shape("<int:a>-<int:b>"), "/x/5-6", 3, 6, before)).toEqual({
      value: 6,
      before: { value: 5, before: { value: "x", before: undefined } },
    });
  });

  test("looks at nothing behind the piece", () => {
    expect(matchShape(shape("<int:a>-<int:b>"), "/12/3-4", 1, 3)).toBeUndefined();
    expect(matchShape(shape("<int:a>.<int:b>"), "1.2", 0, 2)).toBeUndefined();
  });

  test("gives the last parameter everything up to the suffix", () => {
    expect(match("<a>.json", "x.json.json")).toEqual(["x.json"]);
    expect(match("<slug:a>.<b>", "x.y.z")).toEqual(["x", "y.z"]);
    expect(match("<path:a>/edit", "x/edit/y/edit")).toEqual(["x/edit/y"]);
  });

  test("fails where a literal is not there", () => {
    expect(match("<int:a>-x<int:b>", "1-y2")).toBeUndefined();
    expect(match("<int:a>-<int:b>", "12")).toBeUndefined();
    expect(match("-<int:a>-<slug:b>", "-12")).toBeUndefined();
  });

  test("fails where a parameter would be empty", () => {
    expect(match("<a>", "")).toBeUndefined();
    expect(match("<a>.json", ".json")).toBeUndefined();
    expect(match("aa<a>aa", "aaa")).toBeUndefined();
    expect(match("<int:a>.<int:b>.", "1.")).toBeUndefined();
    expect(match("<int:a>-<int:b>", "-2")).toBeUndefined();
  });

  test("fails where a converter does not take the text", () => {
    expect(match("<int:a>-<int:b>", "1-x")).toBeUndefined();
    expect(match("<int:a>-<int:b>", "x-1")).toBeUndefined();
  });
});

describe("a shape covers another", () => {
  test.each([
    ["<a>", "<int:b>"],
    ["<slug:a>", "<int:b>"],
    ["<slug:a>", "<uuid:b>"],
    ["<slug:a>", "x-<int:b>-<slug:c>_y"],
    ["<a>", "<slug:b>.<int:c>"],
    ["f-<a>.json", "f-x<int:b>y.json"],
    ["f-<a>.json", "f-<b>.json"],
    ["<slug:a>.<b>", "<int:c>.x<d>"],
    ["<slug:a>.<int:b>", "<slug:c>.<int:d>"],
    ["<path:a>", "<b>/<c>/"],
    ["x<path:a>/edit", "x<b>/c/edit"],
    ["<slug:a>.<path:b>", "<int:a>.x/<int:b>/c"],
  ])("%s takes all that %s does", (earlier, later) => {
    expect(covers(shape(earlier), shape(later))).toBe(true);
  });

  test.each([
    ["<int:a>", "<slug:b>"],
    ["<slug:a>", "<b>"],
    ["<slug:a>", "x.<int:b>"],
    ["<slug:a>", "<int:b>.<int:c>"],
    ["<int:a>", "1<int:b>"],
    ["f-<a>.json", "f<int:b>.json"],
    ["f-<a>.json", "f-<int:b>.xml"],
    ["<slug:a>.<b>", "<int:c>-<d>"],
    ["<slug:a>.<b>", "<c>"],
    ["<int:a>.<b>", "<slug:c>.<d>"],
    ["<slug:a>.<int:b>", "<slug:c>.1<int:d>"],
    ["<int:a>-<int:b>.<c>", "<int:a>.<int:b>.<c>"],
    ["a<int:a>.<b>", "b<int:a>.<b>"],
  ])("%s does not take all that %s does", (earlier, later) => {
    expect(covers(shape(earlier), shape(later))).toBe(false);
  });

  test("for every built-in converter and itself", () => {
    for (const name of Object.keys(builtIn))
      expect(covers(shape(`<${name}:a>`), shape(`<${name}:b>`))).toBe(true);
  });
});
