import { createRouter, include, mount, websocket } from "@ws/router";
import { connect, loopback, start } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { echo, httpRequest } from "../echo.fixture.js";
import {
  type AuthenticateOptions,
  AuthSession,
  authenticate,
  bearerToken,
  limitConnections,
  rateLimit,
  websockets,
} from "../index.js";
import { refused } from "../refused.fixture.js";

const verify = (token: string): { readonly name: string } | undefined =>
  token === "s3cret" ? { name: "ann" } : undefined;
const ann = { headers: { authorization: "Bearer s3cret" } };
const known = authenticate({ token: bearerToken(), verify });

describe("middleware of a route", () => {
  const routes = createRouter([
    websocket(
      "/mine/<int:id>/",
      async (socket, { id }) => {
        await socket.accept();
        await socket.sendJson({ id, user: socket.state.user.name });
      },
      { name: "mine", use: [known] },
    ),
    websocket("/open/", async (socket) => {
      await socket.accept();
      await socket.sendJson({ user: socket.state["user"] ?? null });
    }),
  ]);
  const application = websockets(routes)(echo);

  test("fault 205: authenticate on one route leaves the pages and the other routes open", async () => {
    await using server = await start(application, { transport: loopback });
    expect(await server.request(httpRequest)).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
    expect((await refused(application, { path: "/mine/5/" })).status).toBe(401);
    await using mine = await server.connect("/mine/5/", ann);
    expect(await mine.receiveJson()).toEqual({ id: 5, user: "ann" });
    await using open = await server.connect("/open/");
    expect(await open.receiveJson()).toEqual({ user: null });
  });

  test("fault 205: a route that is not there answers 404 without asking who it is", async () => {
    expect((await refused(application, { path: "/nowhere/" })).status).toBe(404);
    expect(routes.reverse("mine", { id: 5 })).toBe("/mine/5/");
  });

  test("fault 205: a limit on a route counts all connections of that route and of no other", async () => {
    const view = async (socket: { accept(): Promise<void>; receive(): Promise<unknown> }): Promise<void> => {
      await socket.accept();
      await socket.receive();
    };
    const limited = websockets(
      createRouter([
        websocket("/one/<int:id>/", view, { use: [limitConnections({ total: 1 })] }),
        websocket("/many/", view),
      ]),
    )(echo);
    await using server = await start(limited);
    await using _first = await server.connect("/one/1/");
    await expect(server.connect("/one/2/")).rejects.toMatchObject({ status: 503 });
    await using _other = await server.connect("/many/");
  });

  test("fault 205: the outermost stands first, around what a route inside has itself", async () => {
    const traces: string[] = [];
    const traced =
      (name: string) =>
      (inner: typeof echo): typeof echo =>
      (scope, receive, send) => {
        traces.push(name);
        return inner(scope, receive, send);
      };
    const inner = [
      websocket("/view/", (socket) => socket.accept(), { use: [traced("c"), traced("d")] }),
      mount("/raw", echo),
    ];
    const outer = include("/in", inner, { use: [traced("b")] });
    const nested = websockets(createRouter([include("/at/<slug:team>", [outer], { use: [traced("a")] })]))(
      echo,
    );
    await using server = await start(nested);
    await using _view = await server.connect("/at/red/in/view/");
    await using raw = await server.connect("/at/red/in/raw/");
    await raw.sendText("hello");
    expect(await raw.receiveText()).toBe("hello");
    expect(traces).toEqual(["a", "b", "c", "d", "a", "b"]);
  });

  test("fault 205: a view behind middleware is given its own parameters, below a mount too", async () => {
    const routes = createRouter([
      websocket(
        "/<slug:leaf>/",
        async (socket, params) => {
          await socket.accept();
          await socket.sendJson({ params, all: socket.params, name: socket.state.user.name });
        },
        { use: [known, rateLimit({ messages: 1 })] },
      ),
    ]);
    const mounted = websockets(createRouter([mount("/under/<int:level>", websockets(routes)())]))(echo);
    await using session = await connect(mounted, "/under/3/x/", ann);
    expect(await session.receiveJson()).toEqual({
      params: { leaf: "x" },
      all: { level: 3, leaf: "x" },
      name: "ann",
    });
  });

  test("fault 205: middleware that gives the view another kind of scope is a mistake of its own", async () => {
    const lost =
      (inner: typeof echo): typeof echo =>
      (_scope, receive, send) =>
        inner({ type: "lifespan", asgi: { version: "3.0", specVersion: "2.0" }, state: {} }, receive, send);
    const application = websockets(
      createRouter([websocket("/x/", (socket) => socket.accept(), { use: [lost] })]),
    )(echo);
    const { status, cause } = await refused(application, { path: "/x/" });
    expect(status).toBe(500);
    expect(String(cause)).toMatch("expected a websocket scope, got lifespan");
  });
});

describe("authenticate with anonymous", () => {
  const lets = (options: Partial<AuthenticateOptions<object | string>> = {}) => {
    const view = websocket(
      "/ws/",
      async (socket) => {
        await socket.accept();
        await socket.sendJson({ user: socket.state.user ?? null, has: "user" in socket.state });
      },
      { use: [authenticate({ token: bearerToken(), verify, anonymous: true, ...options })] },
    );
    return websockets(createRouter([view]))();
  };

  test("fault 205: lets in without a user whom verify does not know, and those whom it does with theirs", async () => {
    await using nobody = await connect(lets(), "/ws/");
    expect(await nobody.receiveJson()).toEqual({ user: null, has: true });
    const stranger = await connect(lets(), "/ws/", { headers: { authorization: "Bearer other" } });
    expect(await stranger.receiveJson()).toEqual({ user: null, has: true });
    await stranger[Symbol.asyncDispose]();
    await using session = await connect(lets(), "/ws/", ann);
    expect(await session.receiveJson()).toMatchObject({ user: { name: "ann" } });
  });

  test("fault 205: lets in without a user one whose session has ended, and refuses whom verify refuses", async () => {
    const ended = lets({ verify: () => new AuthSession({ name: "ann" }, { expiresAt: 1 }) });
    await using session = await connect(ended, "/ws/", ann);
    expect(await session.receiveJson()).toEqual({ user: null, has: true });
    const refusing = lets({ verify: () => false });
    expect((await refused(refusing, ann)).status).toBe(403);
  });

  test("fault 205: is off unless it is true", async () => {
    for (const anonymous of [undefined, false, "yes" as unknown as boolean]) {
      expect((await refused(lets({ anonymous }))).status).toBe(401);
    }
  });
});

describe("what verify gives", () => {
  test.each([
    [""],
    [0],
    [1],
    [true],
    [Number.NaN],
    [Symbol("x")],
    [1n],
    [() => ({})],
    [new AuthSession("")],
    [new AuthSession(7)],
  ])(
    "fault 205: is a refusal where it is neither an object nor a text with characters (%#)",
    async (result) => {
      const guard = authenticate({ token: bearerToken(), verify: () => result as object });
      expect((await refused(guard(echo), ann)).status).toBe(401);
      const later = authenticate({ token: bearerToken(), verify: async () => result as object });
      expect((await refused(later(echo), ann)).status).toBe(401);
    },
  );
});
