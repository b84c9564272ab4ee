import type { Application, Scope } from "@ws/events";
import { describe, expect, test } from "vitest";
import { createRouter, include, mount, RouteError, websocket } from "../index.js";

const view = async (): Promise<void> => {};
const application: Application = async () => {};

describe("websocket", () => {
  test("makes a route of a pattern and a view", () => {
    expect(websocket("/chat/", view)).toMatchObject({
      kind: "view",
      pattern: "/chat/",
      name: undefined,
      view,
    });
    expect(websocket("/chat/", view, { name: "chat" }).name).toBe("chat");
  });

  test("refuses a bad pattern at once", () => {
    // @ts-expect-error: there is no slash
    expect(() => websocket("chat/", view)).toThrow(RouteError);
    // @ts-expect-error: there is no slash
    expect(() => websocket("", view)).toThrow(RouteError);
  });
});

describe("mount", () => {
  test("makes a route of a prefix and an application", () => {
    expect(mount("/raw", application)).toMatchObject({ kind: "mount", pattern: "/raw", application });
  });

  test("takes a prefix with or without its trailing slash", () => {
    expect(mount("/raw/", application).pattern).toBe("/raw");
    expect(mount("/", application).pattern).toBe("");
    expect(mount("", application).pattern).toBe("");
  });

  test("refuses a bad prefix, and one with a path parameter", () => {
    // @ts-expect-error: there is no slash
    expect(() => mount("raw", application)).toThrow(RouteError);
    expect(() => mount("/raw/<int:a>/<path:p>", application)).toThrow(
      [
        "a mount takes all that follows its prefix: no path parameter can be in it",
        "  /raw/<int:a>/<path:p>",
        "               ^",
      ].join("\n"),
    );
    expect(() => include("/<path:p>", [mount("/raw", application)])).toThrow(RouteError);
  });
});

describe("include", () => {
  test("puts its middleware around a mount, the outermost first", async () => {
    const calls: string[] = [];
    const noting =
      (name: string) =>
      (next: Application): Application =>
      async (scope, receive, send) => {
        calls.push(name);
        await next(scope, receive, send);
      };
    const mounted: Application = async () => void calls.push("application");
    const [route] = include("/api", [mount("/raw", mounted)], { use: [noting("outer"), noting("inner")] });
    await route?.application(
      {} as Scope,
      async () => ({ type: "websocket.connect" }),
      async () => {},
    );
    expect(calls).toEqual(["outer", "inner", "application"]);
  });

  const inner = [
    websocket("/chat/<int:room>", view, { name: "chat" }),
    websocket("/", view),
    mount("/raw", application),
  ];
  const shown = (routes: readonly { pattern: string; name: string | undefined }[]) =>
    routes.map(({ pattern, name }) => [pattern, name]);

  test("puts the prefix before every pattern", () => {
    expect(shown(include("/admin", inner))).toEqual([
      ["/admin/chat/<int:room>", "chat"],
      ["/admin/", undefined],
      ["/admin/raw", undefined],
    ]);
  });

  test("takes a prefix with or without its trailing slash", () => {
    expect(include("/admin/", inner)).toEqual(include("/admin", inner));
    expect(shown(include("/", inner))).toEqual(shown(inner));
    expect(include("", inner)).toEqual(inner);
  });

  test("puts the namespace before every name", () => {
    expect(shown(include("/a", inner, { namespace: "admin" }))[0]).toEqual([
      "/a/chat/<int:room>",
      "admin:chat",
    ]);
  });

  test("takes a router, and what another include gives", () => {
    const nested = include("/b", createRouter(inner), { namespace: "b" });
    expect(shown(include("/a", [nested, websocket("/x", view)], { namespace: "a" }))).toEqual([
      ["/a/b/chat/<int:room>", "a:b:chat"],
      ["/a/b/", undefined],
      ["/a/b/raw", undefined],
      ["/a/x", undefined],
    ]);
  });

  test("changes nothing in what it includes", () => {
    const before = JSON.stringify(inner);
    include("/x/<a>", inner, { namespace: "n" });
    expect(JSON.stringify(inner)).toBe(before);
  });

  test("refuses a bad prefix, and a parameter that the prefix has already", () => {
    // @ts-expect-error: there is no slash
    expect(() => include("admin", inner)).toThrow(RouteError);
    expect(() => include("/<room>", inner)).toThrow(
      ["a second parameter named room; rename one", "  /<room>/chat/<int:room>", "               ^"].join(
        "\n",
      ),
    );
  });

  test("refuses a parameter after a path parameter, but not text", () => {
    expect(() => include("/<path:p>", inner)).toThrow(/must be the last/);
    expect(shown(include("/<path:p>", [websocket("/edit", view)]))).toEqual([["/<path:p>/edit", undefined]]);
  });

  test("reads a prefix with the built-in converters alone", () => {
    const upper = { parse: (text: string) => text.toUpperCase(), format: (value: string) => value };
    const own = [websocket("/<str:a>", view, { converters: { str: upper } })];
    const routes = createRouter([include("/<str:b>", own)]);
    expect(routes.resolve("/x/y")?.params).toEqual({ b: "x", a: "Y" });
  });
});
