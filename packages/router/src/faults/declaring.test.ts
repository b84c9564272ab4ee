import type { Application } from "@ws/events";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createRouter, include, mount, RouteError, websocket } from "../index.js";
import type { CheckedPattern } from "../pattern/pattern-problem.js";

const view = async (): Promise<void> => {};
const application: Application = async () => {};
/** What no compiler has looked at. */
const untyped = { createRouter, include, mount, websocket } as unknown as Record<
  "createRouter" | "include" | "mount" | "websocket",
  (...given: unknown[]) => unknown
>;

describe("a declaration that is none", () => {
  test.each([
    [
      () => untyped.createRouter([{}]),
      "createRouter: entry 0: expected what websocket, include or mount gives",
    ],
    [() => untyped.createRouter([{ kind: "view" }]), "createRouter: entry 0"],
    [() => untyped.createRouter([{ kind: "other", parts: [] }]), "createRouter: entry 0"],
    [
      () => untyped.createRouter([websocket("/", view), undefined]),
      "createRouter: entry 1: expected what websocket, include or mount gives, got undefined",
    ],
    [() => untyped.createRouter([view]), "a view without its pattern; write websocket(pattern, view)"],
    [
      () => untyped.createRouter([["/a/", view]]),
      "a list in brackets where websocket(pattern, view) was meant",
    ],
    [
      () => untyped.createRouter([createRouter([])]),
      'a router in a list; include("", router) puts its routes here',
    ],
    [
      () => untyped.createRouter(websocket("/", view)),
      "createRouter: expected a list of routes, got an object with the keys kind, pattern, parts, name, use, view; put it in brackets: [ … ]",
    ],
    [() => untyped.createRouter(), "createRouter: expected a list of routes, got undefined"],
    [
      () => untyped.include("/a", [{}]),
      'include("/a", …): entry 0: expected what websocket, include or mount gives',
    ],
    [() => untyped.include("/a", [["/b/", view]]), "a list in brackets"],
    [() => untyped.include("/a", undefined), 'include("/a", …): expected a list of routes, got undefined'],
    [
      () => untyped.include("/a", view),
      'include("/a", …): expected a list of routes, got a function named view; put it in brackets',
    ],
    [() => untyped.include("/a", { routes: 5 }), 'include("/a", …): expected a list of routes, got 5'],
    [
      () => untyped.include("/a", [], { namspace: "a" }),
      'unknown option "namspace": expected namespace, use; did you mean "namespace"?',
    ],
    [
      () => untyped.include("/a", [], { namespace: 5 }),
      'include("/a", …): namespace: expected a text, got 5',
    ],
    [
      () => untyped.include([]),
      'include: expected a pattern first, as include("/chat/<int:room>/", …), got an array of 0',
    ],
    [
      () => untyped.websocket("/a/"),
      'websocket("/a/", …): expected a view, a function (socket, params) => Promise, got undefined. Likely mistake: a missing import',
    ],
    [() => untyped.websocket("/a/", Promise.resolve()), "a call in place of the function itself"],
    [
      () => untyped.websocket("/a/", createRouter([])),
      "a router was given as a view; include(prefix, router)",
    ],
    [() => untyped.websocket(view, "/a/"), "websocket: expected a pattern first"],
    [
      () => untyped.websocket("/a/", view, "name"),
      'websocket("/a/", …): expected options as { name, converters, use }, got "name"',
    ],
    [() => untyped.websocket("/a/", view, null), "expected options as { name, converters, use }, got null"],
    [
      () => untyped.websocket("/a/", view, [view]),
      "expected options as { name, converters, use }, got an array of 1",
    ],
    [
      () => untyped.websocket("/a/", view, { uses: [] }),
      'unknown option "uses": expected name, converters, use; did you mean "use"?',
    ],
    [() => untyped.websocket("/a/", view, { name: 5 }), "name: expected a text, got 5"],
    [
      () => untyped.websocket("/a/", view, { use: view }),
      "use: expected a list of middleware, [a, b], got a function named view",
    ],
    [
      () => untyped.websocket("/a/", view, { use: [view, "auth"] }),
      'use[1]: expected a middleware, got "auth"',
    ],
    [
      () => untyped.websocket("/<hex:a>/", view, { converters: { hex: /x/ } }),
      "converters.hex: expected an object with the functions parse and format",
    ],
    [
      () => untyped.websocket("/<hex:a>/", view, { converters: { hex: undefined } }),
      "converters.hex: expected an object with the functions parse and format, got undefined",
    ],
    [() => untyped.mount("/a"), 'mount("/a", …): expected an application, got undefined'],
    [
      () => untyped.mount("/a", createRouter([])),
      "a router is no application; websockets(router)() makes one of it",
    ],
    [() => untyped.mount(application, "/a"), "mount: expected a pattern first"],
    [
      () => untyped.websocket("/<itn:n>/", view),
      'unknown converter: expected one of str, int, slug, uuid, path; did you mean "int"?\n  /<itn:n>/\n    ^',
    ],
    [() => untyped.websocket("a/", view), 'expected a pattern that begins with "/"'],
  ])("fault 204: says at once which call it is and what may have been meant (%#)", (declare, text) => {
    expect(declare).toThrow(TypeError);
    expect(declare).toThrow(text);
  });

  test("fault 204: a name of a route that is nearly one says which", () => {
    const routes = createRouter([websocket("/", view, { name: "home" })]);
    expect(() => routes.reverse("hoem" as "home")).toThrow('got "hoem"; did you mean "home"?');
  });
});

describe("a pattern that the compiler knows", () => {
  test("fault 204: is refused where it stands, by a text that says what is wrong with it", () => {
    // @ts-expect-error: there is no converter itn
    expect(() => websocket("/<itn:n>/", view)).toThrow(RouteError);
    // @ts-expect-error: it must begin with a slash
    expect(() => websocket("chat/", view)).toThrow(RouteError);
    // @ts-expect-error: the bracket is not closed
    expect(() => websocket("/<int:n/", view)).toThrow(RouteError);
    // @ts-expect-error: there is none that opens
    expect(() => websocket("/int:n>/", view)).toThrow(RouteError);
    // @ts-expect-error: it has no name
    expect(() => websocket("/<int:>/", view)).toThrow(RouteError);
    // @ts-expect-error: a digit begins no name
    expect(() => websocket("/<int:1a>/", view)).toThrow(RouteError);
    // @ts-expect-error: a name has no hyphen
    expect(() => websocket("/<room-id>/", view)).toThrow(RouteError);
    // @ts-expect-error: there are two of that name
    expect(() => websocket("/<a>/<int:a>/", view)).toThrow(RouteError);
    // @ts-expect-error: a path parameter is the last
    expect(() => websocket("/<path:a>/<b>/", view)).toThrow(RouteError);
    // @ts-expect-error: nothing divides the two
    expect(() => websocket("/<int:a><slug:b>/", view)).toThrow(RouteError);
    // @ts-expect-error: a slug may hold the hyphen that is to end it
    expect(() => websocket("/<slug:a>-<int:b>/", view)).toThrow(RouteError);
    // @ts-expect-error: there is no converter itn in a prefix
    expect(() => include("/<itn:n>", [])).toThrow(RouteError);
    // @ts-expect-error: a prefix begins with a slash
    expect(() => mount("raw", application)).toThrow(RouteError);
  });

  test("fault 204: the texts can be read", () => {
    expectTypeOf<
      CheckedPattern<"/<itn:n>/">
    >().toEqualTypeOf<'unknown converter "itn" in "<itn:n>": expected one of str, int, slug, uuid, path'>();
    expectTypeOf<CheckedPattern<"a">>().toEqualTypeOf<'expected a pattern that begins with "/": "/a"'>();
    expectTypeOf<CheckedPattern<"/<a>/<a>">>().toEqualTypeOf<"a second parameter named a; rename one">();
    expectTypeOf<
      CheckedPattern<"/<a><b>">
    >().toEqualTypeOf<'ambiguous: put a literal between "<a>" and "<b>"'>();
  });

  test("fault 204: is taken where nothing is wrong with it, or the compiler can't know", () => {
    const hex = {
      parse: (text: string) => text,
      format: (value: string) => value,
      characters: "0123456789abcdef",
    };
    const some: string = "/<int:n>/";
    const patterns = [
      websocket("/", view),
      websocket("/f-<int:a>-<int:b>.json/<path:c>", view),
      websocket("/<slug:a>.<uuid:b>/<c>-x", view),
      websocket("/<hex:a>.<hex:b>", view, { converters: { hex } }),
      websocket("/<__proto__>/<constructor>", view),
      websocket(some, view),
      websocket(`/at/${some.length}/<int:a>`, view),
      websocket(`${some}more/`, view),
      mount("", application),
      ...include("/", [websocket("/é😀/", view)]),
    ];
    expect(patterns).toHaveLength(10);
  });
});
