import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRouter, mount, type Route, RouteError, websocket } from "./index.js";
import { matchAlone, resolveByReference } from "./reference.fixture.js";

const view = async (): Promise<void> => {};

// A small alphabet, so that routes and paths often meet.
const piece = fc.constantFrom(
  "a",
  "1",
  "-",
  ".",
  "a.",
  "<int:#>",
  "<slug:#>",
  "<str:#>",
  "<int:#>.",
  "<slug:#>.",
);
const segment = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(""));
const tail = fc.constantFrom(
  "",
  "",
  "",
  "/",
  "/<path:#>",
  "/a<path:#>",
  "/<slug:#>.<path:#>",
  "/<path:#>/a",
  "/<path:#>.",
);
const pattern = fc.tuple(fc.array(segment, { maxLength: 3 }), tail).map(([segments, end]) => {
  const [first, ...others] = `${segments.map((text) => `/${text}`).join("")}${end}`.split("#");
  return `${first}${others.map((text, index) => `p${index}${text}`).join("")}`;
});
const declaration = fc.record({
  pattern,
  mounted: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});
const pathSegment = fc.oneof(
  fc.constantFrom("", "a", "1", "1", "a", "-", "a.1", "1.a", "a-1", "1.1", "a.a.1", "9007199254740993"),
  fc.string({ unit: fc.constantFrom("a", "1", ".", "-", "_"), maxLength: 6 }),
);
const path = fc
  .array(pathSegment, { maxLength: 5 })
  .map((segments) => segments.map((text) => `/${text}`).join(""));

/** The route; `undefined` where it cannot be. */
function routeOf({ pattern, mounted }: { pattern: string; mounted: boolean }): Route | undefined {
  try {
    return mounted ? mount(pattern, async () => {}) : websocket(pattern, view);
  } catch (error) {
    if (error instanceof RouteError) return undefined;
    throw error;
  }
}

/** As many of the routes as can stand together, and those that would never be reached. */
function settle(routes: readonly Route[]): { kept: Route[]; hidden: { route: Route; behind: Route[] }[] } {
  const kept: Route[] = [];
  const hidden: { route: Route; behind: Route[] }[] = [];
  for (const route of routes) {
    try {
      createRouter([...kept, route]);
      kept.push(route);
    } catch (error) {
      expect(error).toBeInstanceOf(RouteError);
      hidden.push({ route, behind: [...kept] });
    }
  }
  return { kept, hidden };
}

const declarations = fc
  .array(declaration, { maxLength: 12 })
  .map((list) => list.map(routeOf).filter((route) => route !== undefined));

describe("whatever the routes and the path", () => {
  test("resolve gives what trying each route in turn would give", () => {
    let matched = 0;
    fc.assert(
      fc.property(declarations, fc.array(path, { minLength: 1, maxLength: 20 }), (routes, paths) => {
        const { kept } = settle(routes);
        const router = createRouter(kept);
        for (const path of paths) {
          const expected = resolveByReference(kept, path);
          const found = router.resolve(path);
          expect(found?.route).toBe(expected?.route);
          expect({ ...found?.params }).toEqual({ ...expected?.params });
          expect(found?.kind === "mount" ? found.rootPath : undefined).toBe(expected?.rootPath);
          if (found !== undefined) matched += 1;
        }
      }),
      { numRuns: 400 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  test("a route is refused only where every path of it goes elsewhere", () => {
    let checked = 0;
    fc.assert(
      fc.property(declarations, fc.array(path, { minLength: 10, maxLength: 40 }), (routes, paths) => {
        for (const { route, behind } of settle(routes).hidden) {
          for (const path of paths) {
            if (matchAlone(route, path) === undefined) continue;
            expect(resolveByReference(behind, path)).toBeDefined();
            checked += 1;
          }
        }
      }),
      { numRuns: 800 },
    );
    // Some 400 by chance, and never so few.
    expect(checked).toBeGreaterThan(50);
  });

  test("with trailing slashes ignored, a path and the same with a slash lead to one route", () => {
    const slashless = path.filter((text) => !text.endsWith("/"));
    fc.assert(
      fc.property(declaration, slashless, (declared, path) => {
        const route = routeOf(declared);
        fc.pre(route !== undefined);
        const router = createRouter([route], { trailingSlash: "ignore" });
        expect(router.resolve(`${path}/`)).toEqual(router.resolve(path));
      }),
    );
  });
});

const hex = {
  parse: (text: string): bigint | undefined => BigInt(`0x${text}`),
  format: (value: bigint): string => value.toString(16),
  characters: "0123456789abcdef",
};
const routes = createRouter([
  websocket("/n/<int:n>/<uuid:u>/", view, { name: "numbers" }),
  websocket("/f-<slug:a>.<hex:h>.<name>.json", view, { name: "mixed", converters: { hex } }),
  websocket("/café & co/<name>/x", view, { name: "text" }),
  websocket("/files/<path:p>/edit", view, { name: "path" }),
  websocket("/<__proto__>/<constructor>", view, { name: "special" }),
]);

/** Path text that a URL can carry: Unicode, and no segment that is a dot or two. */
const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => value !== "." && value !== "..");
const name = text.filter((value) => !value.includes("/"));
const slug = fc.string({ unit: fc.constantFrom(..."aZ09-_"), minLength: 1 });
const longPath = fc
  .array(fc.oneof(name, fc.constant("")), { minLength: 1 })
  .map((names) => names.join("/"))
  .filter((value) => value !== "");

function expectSame(path: string, routeName: string, params: Record<string, unknown>): void {
  expect(new URL(path, "ws://example.com").pathname).toBe(path);
  const found = routes.resolve(decodeURIComponent(path));
  expect(found?.route.name).toBe(routeName);
  expect({ ...found?.params }).toEqual(params);
}

describe("the path of any values", () => {
  test("resolves to those values again, in every URL parser too", () => {
    const numbers = fc.record({ n: fc.maxSafeNat(), u: fc.uuid() });
    fc.assert(
      fc.property(numbers, (params) => expectSame(routes.reverse("numbers", params), "numbers", params)),
    );
    const mixed = fc.record({ a: slug, h: fc.bigInt({ min: 0n }), name });
    fc.assert(fc.property(mixed, (params) => expectSame(routes.reverse("mixed", params), "mixed", params)));
    fc.assert(fc.property(name, (name) => expectSame(routes.reverse("text", { name }), "text", { name })));
    fc.assert(fc.property(longPath, (p) => expectSame(routes.reverse("path", { p }), "path", { p })));
  });
});

describe("whatever the string", () => {
  const any = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "binary-ascii" }).map((value) => `/${value}`),
    fc
      .array(
        fc.constantFrom(
          "/",
          "__proto__",
          "constructor",
          "files",
          "f-",
          ".",
          "\ud800",
          "edit",
          "%",
          "<int:n>",
          "n",
        ),
      )
      .map((words) => words.join("")),
  );

  test("resolve never throws", () => {
    const router = createRouter([
      ...routes.routes,
      mount("/m/<x>", async () => {}),
      websocket("/<path:p>", view),
    ]);
    fc.assert(
      fc.property(any, (path) => void router.resolve(path)),
      { numRuns: 1000 },
    );
  });

  test("websocket throws nothing but a RouteError of bounded length", () => {
    fc.assert(
      fc.property(any, (pattern) => {
        try {
          websocket(pattern, view);
        } catch (error) {
          expect(error).toBeInstanceOf(RouteError);
          expect((error as Error).message.length).toBeLessThan(1024);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("Object.prototype stays as it was", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const found = routes.resolve("/polluted/constructor");
    expect(Object.entries(found?.params ?? {})).toEqual([
      ["__proto__", "polluted"],
      ["constructor", "constructor"],
    ]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
