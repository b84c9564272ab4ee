import type { Converter } from "@ws/contract/path";
import { describe, expect, test } from "vitest";
import { findLiteral, findRoute } from "./search.js";
import type { Values } from "./shape.js";
import { tree } from "./table.fixture.js";
import type { Node } from "./tree.js";

const listed = (values: Values | undefined): unknown[] =>
  values === undefined ? [] : [...listed(values.before), values.value];

/** As a router does it. */
function findIn(root: Node, path: string) {
  const literal = findLiteral(root, path);
  if (literal !== undefined) return { route: literal.number, values: [], stop: path.length };
  const found = findRoute(root, path);
  return found && { route: found.terminal.number, values: listed(found.values), stop: found.stop };
}

const find = (patterns: readonly string[], path: string) => findIn(tree(patterns), path);

/** A converter that takes every text over slug's characters, and counts how often it is asked. */
function counting(): Converter<string> & { steps: number } {
  const converter = {
    steps: 0,
    parse(text: string): string {
      converter.steps += 1;
      return text;
    },
    format: (value: string): string => value,
    characters: "a-",
  };
  return converter;
}

describe("finding a route", () => {
  test("gives its number, the values and where the match ends", () => {
    expect(find(["/x", "/<int:a>/y-<b>"], "/5/y-z")).toEqual({ route: 1, values: [5, "z"], stop: 6 });
  });

  test("gives nothing where none takes the path", () => {
    for (const path of ["", "/", "/x/", "/xx", "/5", "/a/b"])
      expect(find(["/x", "/a/<int:n>"], path)).toBeUndefined();
  });

  test("prefers the route declared first, be it literal or not", () => {
    expect(find(["/new", "/<a>"], "/new")?.route).toBe(0);
    expect(find(["/<int:a>/x", "/5/<b>", "/5/y"], "/5/x")?.route).toBe(0);
    expect(find(["/5/<b>", "/<int:a>/x"], "/5/x")?.route).toBe(0);
    expect(find(["/<int:a>/<path:b>", "/<path:c>"], "/5/x")?.route).toBe(0);
  });

  test("comes back from a way that leads nowhere", () => {
    expect(find(["/a/<int:x>/c", "/<slug:y>/<z>/d"], "/a/5/d")).toEqual({
      route: 1,
      values: ["a", "5"],
      stop: 6,
    });
  });

  test("ends a mount at its prefix", () => {
    expect(find(["/<int:a>*"], "/55/x/y")).toEqual({ route: 0, values: [55], stop: 3 });
    expect(find(["/<int:a>*"], "/55")).toEqual({ route: 0, values: [55], stop: 3 });
    expect(find(["*"], "/x")).toEqual({ route: 0, values: [], stop: 0 });
    expect(find(["*"], "")).toEqual({ route: 0, values: [], stop: 0 });
  });

  test("prefers what was declared before a mount, and the mount to what came after", () => {
    expect(find(["/a/b", "/a*"], "/a/b")?.route).toBe(0);
    expect(find(["/<x>*", "/a/<b>"], "/a/b")?.route).toBe(0);
    expect(find(["*", "/a/<b>"], "/a/b")?.route).toBe(0);
  });
});

describe("the work of finding a route", () => {
  test("asks no converter whose every route comes later than the one found", () => {
    const count = counting();
    const root = tree(["/a/a", "/<count:x>/<count:y>"], { count });
    expect(findIn(root, "/a/a")?.route).toBe(0);
    expect(count.steps).toBe(0);
    const tails = tree(["/<x>", "/<count:y>.<path:p>"], { count });
    expect(findIn(tails, "/a.b")?.route).toBe(0);
    expect(count.steps).toBe(0);
  });

  test("visits each node once, however many ways look open", () => {
    const one = counting();
    const two = counting();
    // Every order of two converters that both take each segment: 2 + 4 + … + 64 nodes, and no way to the end.
    const ways = Array.from({ length: 64 }, (_, way) =>
      Array.from({ length: 6 }, (_, bit) => `/<${way & (1 << bit) ? "one" : "two"}:p${bit}>`).join(""),
    );
    const root = tree(
      ways.map((way) => `${way}/end`),
      { one, two },
    );
    expect(findIn(root, `${"/a".repeat(6)}/other`)).toBeUndefined();
    expect(one.steps + two.steps).toBe(126);
  });

  test("is no more for a hostile segment of 8 KiB than one look at each parameter", () => {
    const count = counting();
    const patterns = ["/<count:a>.<count:b>.<count:c>", "/<count:a>.x<count:b>", "/<count:a>/<count:b>.json"];
    const root = tree(patterns, { count });
    for (const path of [
      `/${"a-".repeat(4096)}`,
      `/${"a-".repeat(4096)}.a.a.a`,
      "/".repeat(8192),
      "/a".repeat(4096),
    ]) {
      count.steps = 0;
      expect(findIn(root, path)).toBeUndefined();
      expect(count.steps).toBeLessThanOrEqual(7);
    }
  });

  test("does not grow with the length of a hostile path", () => {
    const count = counting();
    const root = tree(["/<count:a>/<count:b>/<count:c>/x", "/<count:a>/<path:p>/x", "/<path:p>/y/z"], {
      count,
    });
    const steps = [64, 512, 4096].map((length) => {
      count.steps = 0;
      expect(findIn(root, "/a".repeat(length))).toBeUndefined();
      return count.steps;
    });
    expect(steps).toEqual([3, 3, 3]);
  });
});
