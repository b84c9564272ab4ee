import { describe, expect, test } from "vitest";
import { createRouter, RouteError, websocket } from "./index.js";

const view = async (): Promise<void> => {};
const longest = 8_192;

/** The median of many resolutions, in ms: the slowest of them tell of the machine alone. */
function median(run: () => unknown): number {
  const times = Array.from({ length: 201 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[100] ?? Number.POSITIVE_INFINITY;
}

describe("a parameter with an odd name", () => {
  test("fault 40: is a key of an object without a prototype", () => {
    const router = createRouter([websocket("/<__proto__>/<constructor>", view)]);
    const params = router.resolve("/x/y")?.params;
    expect(params && Object.getPrototypeOf(params)).toBeNull();
    expect(Object.entries(params ?? {})).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect("x" in {}).toBe(false);
  });
});

describe("a pattern that a regular expression would backtrack on", () => {
  test("fault 42: is refused where a parameter's end is not certain", () => {
    for (const pattern of ["/<a>-<b>-<c>", "/<slug:a>-<slug:b>", "/<a><b>", "/<a>a<b>"]) {
      expect(() => websocket(pattern, view)).toThrow(RouteError);
    }
  });

  test("fault 42: takes less than 1 ms for a path of 8 KiB", () => {
    const patterns = [
      "/<int:a>-<int:b>-<int:c>-x",
      "/<a>-x",
      "/<a>/<b>/<c>-x",
      "/<slug:a>.<slug:b>.<slug:c>.x",
      "/p/<path:rest>x",
    ];
    const router = createRouter(patterns.map((pattern) => websocket(pattern, view)));
    const fill = (unit: string, end: string): string =>
      `/${unit.repeat(longest)}`.slice(0, longest - 1) + end;
    const paths = ["a-", "1-", "a/", "a.", "-", "1", "//", "a-a/"].map((unit) => fill(unit, "!"));
    for (const path of paths) {
      expect(router.resolve(path)).toBeUndefined();
      expect(
        median(() => router.resolve(path)),
        path.slice(0, 8),
      ).toBeLessThan(1);
    }
  });
});

describe("a path with dots", () => {
  test("fault 34: is routed as it is: nothing is resolved, so that no middleware sees another one", () => {
    const router = createRouter([websocket("/b", view), websocket("/a/<x>/b", view)]);
    expect(router.resolve("/a/../b")?.params).toEqual({ x: ".." });
    expect(router.resolve("/../b")).toBeUndefined();
    expect(router.resolve("/./b")).toBeUndefined();
  });
});
