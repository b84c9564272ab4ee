import type { Application, Middleware } from "@ws/events";
import { createRouter, mount, websocket } from "@ws/router";
import { connect, loopback, start } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { echo } from "../echo.fixture.js";
import * as all from "../index.js";
import { refused } from "../refused.fixture.js";

const { accessLog, authenticate, bearerToken, compose, rateLimit, timeouts, websockets } = all;
const routes = createRouter([websocket("/ws/", (socket) => socket.accept())]);
const untyped = all as unknown as Record<string, (...given: unknown[]) => unknown>;
const own: Middleware = (application) => (scope, receive, send) => application(scope, receive, send);

describe("a middleware where an application belongs", () => {
  test.each([
    ["websockets(routes)", websockets(routes)],
    ["compose(…)", compose(accessLog({ write: () => {} }), websockets(routes))],
    ["one that wraps another", rateLimit({ messages: 1 })(websockets(routes) as unknown as Application)],
    ["one of the user's own", own],
    ["lifespan around one", all.lifespan({ startup: () => {} })(own as unknown as Application)],
    ["a call that was forgotten", compose(timeouts as unknown as Middleware, websockets(routes))(echo)],
  ])("fault 204: %s is refused at the start by serve, by attach and by connect", async (_, given) => {
    const application = given as unknown as Application;
    for (const run of [
      () => start(application, { transport: loopback }),
      () => start(application),
      () => connect(application, "/ws/"),
    ]) {
      const starting = run();
      await expect(starting).rejects.toMatchObject({ code: "ERR_WS_NOT_AN_APPLICATION" });
      await expect(starting).rejects.toThrow("a middleware was given where an application belongs");
    }
  });

  test("fault 204: in a mount it is found at the first connection, and says which", async () => {
    const inner = websockets(routes) as unknown as Application;
    const { status, cause } = await refused(websockets(createRouter([mount("/m", inner)]))(echo), {
      path: "/m/ws/",
    });
    expect(status).toBe(500);
    expect(String(cause)).toMatch("websockets(…): expected an application, got the websocket scope");
  });

  test("fault 204: connect says what it was given", async () => {
    await expect(connect(undefined as unknown as Application, "/")).rejects.toThrow(
      "connect: expected an application, got undefined",
    );
  });
});

describe("compose", () => {
  const composed = compose(rateLimit({ messages: 1 })) as unknown as (application?: unknown) => unknown;

  test("fault 204: without an application says that it is missing", () => {
    expect(() => composed()).toThrow(
      "compose(…): expected an application, got undefined. Likely mistake: the application is missing, as in compose(…)(application).",
    );
    expect(() => composed({})).toThrow("compose(…): expected an application, got an object without keys");
    expect(() => (compose() as unknown as () => unknown)()).toThrow("compose(…): expected an application");
  });

  test("fault 204: does without one where websockets stands innermost", async () => {
    const guarded = compose(rateLimit({ messages: 1 }), websockets(routes)) as unknown as () => Application;
    await using session = await connect(guarded(), "/ws/");
    expect(await session.closed).toMatchObject({ code: 1000 });
  });

  test("fault 204: names the argument that is no middleware, and the middleware that gives no application", () => {
    expect(() => untyped["compose"]?.(rateLimit({ messages: 1 }), undefined)).toThrow(
      "compose: argument 1: expected a middleware, got undefined",
    );
    function forgetful(): void {}
    expect(() => compose(own, forgetful as unknown as Middleware)(echo)).toThrow(
      "compose(…): middleware 1 (forgetful) gave undefined, expected an application. Likely mistake: it returns nothing",
    );
    expect(() => compose((async () => echo) as unknown as Middleware)(echo)).toThrow(
      "compose(…): middleware 0 gave a promise",
    );
  });
});

describe("a middleware that is made of the wrong thing", () => {
  test.each([
    [
      "websockets",
      [[]],
      "websockets: expected a router, got an array of 0. Likely mistake: createRouter([ … ]) is missing around the list",
    ],
    ["websockets", [undefined], "websockets: expected a router, got undefined"],
    ["websockets", [echo], "websockets: expected a router, got a function named echo"],
    ["authenticate", [], "authenticate: expected { token, verify }, all functions, got undefined"],
    [
      "authenticate",
      [echo],
      "authenticate: expected { token, verify }, all functions, got a function named echo; was the call forgotten, authenticate({ … })?",
    ],
    [
      "authenticate",
      [{ token: () => "" }],
      "authenticate: expected { token, verify }, all functions, got verify: undefined",
    ],
    ["authenticate", [{ token: "bearer", verify: () => {} }], 'got token: "bearer"'],
    ["accessLog", [console], "accessLog: expected { write }, all functions, got write: undefined"],
    ["catchErrors", [], "catchErrors: expected a function (error, scope), got undefined"],
    ["allowedHosts", ["example.com"], 'allowedHosts: expected a list, as ["example.com"], got "example.com"'],
    [
      "lifespan",
      [],
      "lifespan: expected { startup, shutdown }, functions of which one may be absent, got undefined",
    ],
    ["lifespan", [echo], "got a function named echo"],
    ["lifespan", [{}], "got an object without keys"],
    ["lifespan", [{ startup: 5 }], "got startup: 5"],
    ["lifespan", [{ startup: () => {}, shutdown: null }], "got shutdown: null"],
  ])("fault 204: %s says what it expected and what came (%#)", (name, given, text) => {
    const make = (): unknown => untyped[name]?.(...given);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(text);
  });

  test("fault 204: a middleware of a route that is none says so when the application is made", () => {
    const forgotten = authenticate as unknown as Middleware;
    const guarded = createRouter([websocket("/x/", (socket) => socket.accept(), { use: [forgotten] })]);
    expect(() => websockets(guarded)).toThrow("was the call forgotten, authenticate({ … })?");
    const nothing = (() => {}) as unknown as Middleware;
    const broken = createRouter([websocket("/x/", (socket) => socket.accept(), { use: [nothing] })]);
    expect(() => websockets(broken)).toThrow(
      'the middleware of "/x/": middleware 0 (nothing) gave undefined',
    );
  });

  test("fault 204: each names itself where it is given no application", () => {
    const token = bearerToken();
    for (const [name, middleware] of Object.entries({
      accessLog: accessLog({ write: () => {} }),
      allowedHosts: all.allowedHosts([]),
      allowedOrigins: all.allowedOrigins([]),
      authenticate: authenticate({ token, verify: () => "x" }),
      catchErrors: all.catchErrors(() => {}),
      lifespan: all.lifespan({ shutdown: () => {} }),
      limitConnections: all.limitConnections({ total: 1 }),
      rateLimit: rateLimit({ messages: 1 }),
      timeouts: timeouts({ idle: 1 }),
    })) {
      const call = middleware as unknown as (application?: unknown) => unknown;
      expect(() => call()).toThrow(`${name}(…): expected an application, got undefined`);
    }
  });
});
