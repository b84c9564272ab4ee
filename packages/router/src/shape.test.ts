import { describe, expect, it } from "vitest";
import { builtIn } from "./converter.js";
import { parsePattern } from "./pattern.js";
import { covers, matchShape, type Shape, sameShape, shapeOf } from "./shape.js";

/** The shape of a segment, or of a path's end. */
function shape(pattern: string): Shape {
  const [first, ...rest] = parsePattern(`/${pattern}`, {});
  const made = shapeOf([String(first).slice(1), ...rest].filter((part) => part !== ""));
  if (typeof made === "string") throw new TypeError("expected a parameter");
  return made;
}

describe("a shape", () => {
  it("is plain text where there is no parameter", () => {
    expect(shapeOf(["a"])).toBe("a");
    expect(shapeOf([])).toBe("");
  });

  it("is the same whatever its parameters are called", () => {
    expect(sameShape(shape("a-<int:b>.x"), shape("a-<int:c>.x"))).toBe(true);
    for (const other of ["a-<b>.x", "b-<int:b>.x", "a-<int:b>.y", "a-<int:b>.<c>.x"]) {
      expect(sameShape(shape("a-<int:b>.x"), shape(other))).toBe(false);
    }
  });
});

describe("matching a shape", () => {
  it("gives the values in order", () => {
    expect(matchShape(shape("<int:a>"), "5")).toEqual([5]);
    expect(matchShape(shape("f-<slug:a>.<int:b>.json"), "f-x-y.5.json")).toEqual(["x-y", 5]);
  });

  it("gives the last parameter everything up to the suffix", () => {
    expect(matchShape(shape("<a>.json"), "x.json.json")).toEqual(["x.json"]);
    expect(matchShape(shape("<slug:a>.<b>"), "x.y.z")).toEqual(["x", "y.z"]);
    expect(matchShape(shape("<path:a>/edit"), "x/edit/y/edit")).toEqual(["x/edit/y"]);
  });

  it("fails where a literal is not there", () => {
    expect(matchShape(shape("f-<a>"), "g-x")).toBeUndefined();
    expect(matchShape(shape("<a>.json"), "long-name.xml")).toBeUndefined();
    expect(matchShape(shape("<int:a>-x<int:b>"), "1-y2")).toBeUndefined();
    expect(matchShape(shape("<int:a>-<int:b>"), "12")).toBeUndefined();
    expect(matchShape(shape("-<int:a>-<slug:b>"), "-12")).toBeUndefined();
  });

  it("fails where a parameter would be empty", () => {
    expect(matchShape(shape("<a>"), "")).toBeUndefined();
    expect(matchShape(shape("<a>.json"), ".json")).toBeUndefined();
    expect(matchShape(shape("aa<a>aa"), "aaa")).toBeUndefined();
    expect(matchShape(shape("<int:a>.<int:b>."), "1.")).toBeUndefined();
    expect(matchShape(shape("<int:a>-<int:b>"), "-2")).toBeUndefined();
  });

  it("fails where a converter does not take the text", () => {
    expect(matchShape(shape("<int:a>-<int:b>"), "1-x")).toBeUndefined();
    expect(matchShape(shape("<int:a>-<int:b>"), "x-1")).toBeUndefined();
  });
});

describe("a shape covers another", () => {
  it.each([
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

  it.each([
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

  it("for every built-in converter and itself", () => {
    for (const name of Object.keys(builtIn))
      expect(covers(shape(`<${name}:a>`), shape(`<${name}:b>`))).toBe(true);
  });
});
