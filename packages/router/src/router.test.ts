import type { Application } from "@ws/events";
import { describe, expect, test } from "vitest";
import { createRouter, include, mount, type Route, RouteError, websocket } from "./index.js";

const view = async (): Promise<void> => {};
const application: Application = async () => {};
const hex = {
  parse: (text: string): number | undefined => Number.parseInt(text, 16),
  format: (value: number): string => value.toString(16),
  characters: "0123456789abcdef",
};

describe("resolving a path", () => {
  test("gives the view, the parameters and the route", () => {
    const route = websocket("/chat/<int:room>/<slug:name>/", view, { name: "chat" });
    const routes = createRouter([websocket("/ws/", async () => {}), route]);
    expect(routes.resolve("/chat/5/dev/")).toEqual({
      kind: "view",
      view,
      params: { room: 5, name: "dev" },
      route,
    });
    expect(routes.routes[1]).toBe(route);
  });

  test("gives the same frozen answer each time where the route has no parameter", () => {
    const found = createRouter([websocket("/<a>/<b>", view), websocket("/ws", view)]);
    const [first, second] = [found.resolve("/ws"), found.resolve("/ws")];
    expect(second).toBe(first);
    expect([Object.isFrozen(first), Object.isFrozen(first?.params)]).toEqual([true, true]);
    expect(found.resolve("/x/y")).not.toBe(found.resolve("/x/y"));
  });

  test("gives undefined where no route takes it", () => {
    const routes = createRouter([websocket("/ws/", view)]);
    for (const path of ["", "/", "/ws", "ws/", "*", "*ws/", "/ws//", "/WS/", "/ws/x"])
      expect(routes.resolve(path)).toBeUndefined();
    expect(createRouter([]).resolve("/")).toBeUndefined();
  });

  test("takes the first of several routes", () => {
    const first = websocket("/new", view);
    const second = websocket("/<name>", view);
    const routes = createRouter([first, second]);
    expect(routes.resolve("/new")?.route).toBe(first);
    expect(routes.resolve("/old")?.route).toBe(second);
  });

  test("gives a mount its application and the prefix that matched", () => {
    const route = mount("/org/<int:org>", application);
    const routes = createRouter([websocket("/org/1/x", view), route]);
    expect(routes.resolve("/org/05/a/b")).toEqual({
      kind: "mount",
      view: undefined,
      application,
      rootPath: "/org/05",
      params: { org: 5 },
      route,
    });
    expect(routes.resolve("/org/5")).toMatchObject({ rootPath: "/org/5" });
    expect(routes.resolve("/org/5x")).toBeUndefined();
    expect(routes.resolve("/org/1/x")?.kind).toBe("view");
  });

  test("gives a mount of everything every path", () => {
    const routes = createRouter([mount("/", application)]);
    for (const path of ["", "/", "/a/b"])
      expect(routes.resolve(path)).toMatchObject({ kind: "mount", rootPath: "" });
  });

  test("gives parameters without a prototype, so that no name is special", () => {
    const routes = createRouter([websocket("/<__proto__>/<constructor>/<int:toString>", view)]);
    const params = routes.resolve("/a/b/5")?.params ?? {};
    expect(Object.getPrototypeOf(params)).toBeNull();
    expect(Object.entries(params)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", 5],
    ]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("reads parameters with one's own converters", () => {
    const routes = createRouter([websocket("/x/<hex:id>.<hex:part>/", view, { converters: { hex } })]);
    expect(routes.resolve("/x/ff.10/")?.params).toEqual({ id: 255, part: 16 });
    expect(routes.resolve("/x/fg.10/")).toBeUndefined();
  });

  test("takes a path that is decoded already", () => {
    const routes = createRouter([websocket("/café/<name>", view)]);
    expect(routes.resolve("/café/%2F")?.params).toEqual({ name: "%2F" });
  });
});

describe("a trailing slash", () => {
  const entries = [
    websocket("/", view),
    websocket("/a", view),
    websocket("/b/", view),
    websocket("/f/<path:p>", view),
  ];

  test("is significant", () => {
    const routes = createRouter(entries);
    for (const path of ["/", "/a", "/b/"]) expect(routes.resolve(path)).toBeDefined();
    for (const path of ["", "/a/", "/b"]) expect(routes.resolve(path)).toBeUndefined();
    expect(routes.resolve("/f/x/")?.params).toEqual({ p: "x/" });
  });

  test("can be ignored", () => {
    const routes = createRouter(entries, { trailingSlash: "ignore" });
    for (const path of ["", "/", "/a", "/a/", "/b", "/b/"]) expect(routes.resolve(path)).toBeDefined();
    for (const path of ["//", "/a//", "/b//"]) expect(routes.resolve(path)).toBeUndefined();
    expect(routes.resolve("/f/x/")?.params).toEqual({ p: "x" });
  });

  test("is no part of the prefix of a mount", () => {
    for (const trailingSlash of ["strict", "ignore"] as const) {
      const routes = createRouter([mount("/raw/", application)], { trailingSlash });
      for (const path of ["/raw", "/raw/", "/raw/x/"])
        expect(routes.resolve(path)).toMatchObject({ rootPath: "/raw" });
    }
  });

  test("makes two routes one where it is ignored", () => {
    const both = [websocket("/a", view), websocket("/a/", view)];
    expect(createRouter(both).routes).toHaveLength(2);
    expect(() => createRouter(both, { trailingSlash: "ignore" })).toThrow(RouteError);
  });
});

describe("the path of a name", () => {
  const inner = [websocket("/x/<hex:id>/", view, { name: "x", converters: { hex } })];
  const routes = createRouter([
    websocket("/", view, { name: "home" }),
    websocket("/f/<path:p>", view, { name: "file" }),
    include("/<org>", inner, { namespace: "org" }),
  ]);

  test("has the prefixes that the route was included under", () => {
    expect(routes.reverse("home")).toBe("/");
    expect(routes.reverse("org:x", { org: "a b", id: 255 })).toBe("/a%20b/x/ff/");
  });

  test("throws for a name that isn't known, with those that are", () => {
    // @ts-expect-error: no such name
    expect(() => routes.reverse("nobody")).toThrow(
      new TypeError('reverse: expected the name of a route (home, file, org:x), got "nobody"'),
    );
  });

  test("has no slash at its end that would be ignored", () => {
    const ignoring = createRouter([...routes.routes], { trailingSlash: "ignore" });
    expect(routes.reverse("file", { p: "x/" })).toBe("/f/x/");
    expect(ignoring.reverse("file", { p: "x" })).toBe("/f/x");
    expect(ignoring.reverse("org:x", { org: "a", id: 1 })).toBe("/a/x/1/");
    expect(() => ignoring.reverse("file", { p: "x/" })).toThrow(
      new TypeError('reverse("file"): expected no trailing slash, which is ignored, got one'),
    );
  });
});

describe("routes that cannot be together", () => {
  test("have one name", () => {
    const two = [websocket("/a", view, { name: "chat" }), websocket("/b/<int:x>", view, { name: "chat" })];
    expect(() => createRouter(two)).toThrow(
      ['the name "chat" is that of "/a" already', "  /b/<int:x>", "  ^"].join("\n"),
    );
  });

  test("are such that the later one is never reached", () => {
    expect(() => createRouter([websocket("/<slug:a>/", view), websocket("/new/", view)])).toThrow(
      [
        'never reached: the earlier "/<slug:a>/" takes every path of this route; declare this one first, or remove it',
        "  /new/",
        "  ^",
      ].join("\n"),
    );
    expect(() => createRouter([mount("/raw", application), websocket("/raw/x", view)])).toThrow(RouteError);
    expect(() => createRouter([websocket("/raw", view), mount("/raw", application)])).not.toThrow();
  });

  test("are told from ten thousand that can, without comparing them all", () => {
    const asked: string[] = [];
    const noted = { parse: (text: string) => void asked.push(text), format: () => "" };
    const many = (count: number): Route[] => [
      websocket("/<noted:a>/end", view, { converters: { noted } }),
      ...Array.from({ length: count }, (_, index) => websocket(`/r${index}/<int:a>-${index}/`, view)),
    ];
    const routes = createRouter(many(10_000));
    // Each literal is held against the one parameter that might take it, and against nothing else.
    expect(asked).toHaveLength(10_000);
    expect(routes.resolve("/r9999/5-9999/")?.params).toEqual({ a: 5 });
    expect(() => createRouter([...many(10_000), websocket("/r77/5-77/", view)])).toThrow(
      /"\/r77\/<int:a>-77\/"/,
    );
  });
});
