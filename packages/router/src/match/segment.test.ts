import { builtIn } from "@ws/contract/path";
import { describe, expect, test } from "vitest";
import { parsePattern } from "../pattern/pattern.js";
import { remainderOf, segmentsOf, withoutTrailingSlash } from "./segment.js";
import { shapeOf } from "./shape.js";

const shapesOf = (pattern: string) => segmentsOf(parsePattern(pattern, {})).map(({ shape }) => shape);
const field = { literal: "", until: "", read: expect.any(Function) };

describe("the segments of a pattern", () => {
  test("are what stands between its slashes", () => {
    expect(shapesOf("/")).toEqual([""]);
    expect(shapesOf("/a")).toEqual(["a"]);
    expect(shapesOf("/a/")).toEqual(["a", ""]);
    expect(shapesOf("//a//b")).toEqual(["", "a", "", "b"]);
  });

  test("are none for the empty pattern", () => {
    expect(segmentsOf([])).toEqual([]);
  });

  test("may hold parameters between literals", () => {
    expect(shapesOf("/<int:a>/f-<slug:b>.<c>/")).toEqual([
      { prefix: "", suffix: "", fields: [{ ...field, converter: builtIn.int }] },
      {
        prefix: "f-",
        suffix: "",
        fields: [
          { ...field, literal: "f-", converter: builtIn.slug, until: "." },
          { ...field, literal: ".", converter: builtIn.str },
        ],
      },
      "",
    ]);
  });

  test("end with the one that holds a path parameter, to the pattern's end", () => {
    const segments = segmentsOf(parsePattern("/a/x<path:rest>/edit/", {}));
    expect(segments.map(({ isCatchAll }) => isCatchAll)).toEqual([false, true]);
    expect(segments[1]?.shape).toMatchObject({ prefix: "x", suffix: "/edit/" });
  });

  test("give the pattern again when they are joined", () => {
    for (const pattern of ["/", "/a/", "/<a>", "/a/<int:b>.x/c/<path:d>/e", "//a//"]) {
      const parts = parsePattern(pattern, {});
      const [first, ...rest] = parts;
      expect(remainderOf(segmentsOf(parts))).toEqual(
        shapeOf([String(first).slice(1), ...rest].filter((p) => p !== "")),
      );
    }
  });
});

describe("a pattern without its trailing slash", () => {
  test("has one slash less, where it ends in one", () => {
    const strip = (pattern: string) => withoutTrailingSlash(parsePattern(pattern, {}));
    expect(strip("/")).toEqual([]);
    expect(strip("/a/")).toEqual(["/a"]);
    expect(strip("/a//")).toEqual(["/a/"]);
    expect(strip("/a")).toEqual(["/a"]);
    expect(strip("/<a>")).toEqual(parsePattern("/<a>", {}));
    expect(strip("/<a>/")).toEqual(parsePattern("/<a>", {}));
  });
});
