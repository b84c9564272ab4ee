import type { Connection } from "@ws/connection";
import { describe, expect, expectTypeOf, test } from "vitest";
import { createRouter, include, mount, type Router, type ViewRoute, websocket } from "../index.js";

const hex = {
  parse: (text: string): bigint | undefined => BigInt(`0x${text}`),
  format: (value: bigint): string => value.toString(16),
  characters: "0123456789abcdef",
};
const view = async (_socket: Connection): Promise<void> => {};

describe("the types of a route", () => {
  test("infer the parameters of a view from its pattern", () => {
    websocket("/chat/<int:room>/<slug:name>/<rest>/", async (socket, params) => {
      expectTypeOf(socket).toEqualTypeOf<Connection>();
      expectTypeOf(params).toEqualTypeOf<{
        readonly room: number;
        readonly name: string;
        readonly rest: string;
      }>();
    });
    websocket(
      "/<slug:a>.<uuid:b>/<path:c>.json",
      async (_socket, params) => {
        expectTypeOf(params).toEqualTypeOf<{ readonly a: string; readonly b: string; readonly c: string }>();
      },
      { name: "x" },
    );
  });

  test("infer the value of one's own converter", () => {
    const route = websocket(
      "/x/<hex:id>/<int:n>/",
      async (_socket, { id, n }) => {
        expectTypeOf(id).toEqualTypeOf<bigint>();
        expectTypeOf(n).toEqualTypeOf<number>();
      },
      { converters: { hex } },
    );
    expectTypeOf(route).toEqualTypeOf<ViewRoute<undefined, { readonly id: bigint; readonly n: number }>>();
  });

  test("take a view that wants fewer parameters, and none that wants others", () => {
    websocket("/<int:room>/", view);
    websocket("/<int:room>/<name>/", async (_socket, _params: { room: number }) => {});
    // @ts-expect-error: room is a number
    websocket("/<int:room>/", async (_socket, _params: { room: string }) => {});
    // @ts-expect-error: there is no name
    websocket("/<int:room>/", async (_socket, _params: { name: string }) => {});
    // @ts-expect-error: there is no name
    websocket("/<int:room>/", async (_socket, { name }) => name);
    // @ts-expect-error: id is a bigint
    websocket("/<hex:id>/", async (_socket, _params: { id: string }) => {}, { converters: { hex } });
    // @ts-expect-error: a view gives a promise
    websocket("/", () => {});
  });

  test("leave the parameters of a pattern that is only known when it runs unknown", () => {
    const pattern: string = "/<int:room>/";
    websocket(pattern, async (_socket, params) => {
      expectTypeOf(params).toEqualTypeOf<Readonly<Record<string, unknown>>>();
    });
  });

  test("take a converter for what it is only", () => {
    const bad = { parse: (text: string) => text };
    // @ts-expect-error: format is missing
    expect(() => websocket("/<bad:x>/", view, { converters: { bad } })).toThrow(TypeError);
  });
});

describe("the types of reverse", () => {
  const admin = [websocket("/chat/<int:id>/", view, { name: "chat" }), websocket("/unnamed/", view)];
  const nested = createRouter([websocket("/deep/<hex:id>/", view, { name: "deep", converters: { hex } })]);
  const routes = createRouter([
    websocket("/", view, { name: "home" }),
    websocket("/nameless/", view),
    websocket("/chat/<int:room>/<slug:name>/", view, { name: "chat" }),
    include("/admin", admin, { namespace: "admin" }),
    include("/<org>", [
      websocket("/plain/", view, { name: "plain" }),
      include("/n", nested, { namespace: "n" }),
    ]),
    mount("/raw", async () => {}),
  ]);

  test("know every name and its parameters", () => {
    expectTypeOf(routes.reverse<"home">).parameters.toEqualTypeOf<
      [name: "home", params?: Readonly<Record<string, never>>]
    >();
    routes.reverse("chat", { room: 5, name: "dev" });
    routes.reverse("admin:chat", { id: 5 });
    routes.reverse("plain", { org: "x" });
    routes.reverse("n:deep", { org: "x", id: 255n });
  });

  test("refuse all else", () => {
    const refused = (): void => {
      // @ts-expect-error: no such name
      routes.reverse("nobody");
      // @ts-expect-error: it is in a namespace
      routes.reverse("deep", { org: "x", id: 255n });
      // @ts-expect-error: parameters are missing
      routes.reverse("chat");
      // @ts-expect-error: name is missing
      routes.reverse("chat", { room: 5 });
      // @ts-expect-error: room is a number
      routes.reverse("chat", { room: "5", name: "dev" });
      // @ts-expect-error: more is superfluous
      routes.reverse("chat", { room: 5, name: "dev", more: 1 });
      // @ts-expect-error: there are no parameters
      routes.reverse("home", { room: 5 });
      // @ts-expect-error: org, of the prefix, is missing
      routes.reverse("plain");
      // @ts-expect-error: id is a bigint
      routes.reverse("n:deep", { org: "x", id: 255 });
    };
    expectTypeOf(refused).toBeFunction();
  });

  test("let every router stand where any router is wanted", () => {
    expectTypeOf(routes).toExtend<Router>();
    const any: Router = routes;
    any.reverse("chat", { room: 1, name: "x" });
  });

  test("let a resolution be told apart by its kind", () => {
    const resolution = routes.resolve("/raw");
    if (resolution?.kind === "mount") {
      expectTypeOf(resolution.rootPath).toEqualTypeOf<string>();
      expectTypeOf(resolution.view).toEqualTypeOf<undefined>();
    } else if (resolution !== undefined) {
      expectTypeOf(resolution.params).toEqualTypeOf<Readonly<Record<string, unknown>>>();
      expectTypeOf(resolution.view).returns.toEqualTypeOf<Promise<void>>();
    }
  });
});

describe("the state of a connection", () => {
  test("is what the view says that it is", () => {
    interface State {
      readonly user: { readonly name: string };
    }
    const named = async (socket: Connection<State>): Promise<void> => socket.sendText(socket.state.user.name);
    websocket("/", named);
    websocket("/<int:id>/", async (socket: Connection<State>, { id }) => {
      expectTypeOf(id).toEqualTypeOf<number>();
      expectTypeOf(socket.state.user.name).toEqualTypeOf<string>();
    });
    websocket("/", async (socket) => {
      expectTypeOf(socket.state).toEqualTypeOf<Record<string, unknown>>();
    });
  });
});
