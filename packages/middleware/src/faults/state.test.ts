import { Connection } from "@ws/connection";
import type { Application, Middleware, StateMiddleware } from "@ws/events";
import { createRouter, include, mount, websocket } from "@ws/router";
import { connect } from "@ws/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { echo } from "../echo.fixture.js";
import {
  accessLog,
  allowedHosts,
  allowedOrigins,
  authenticate,
  bearerToken,
  catchErrors,
  compose,
  defineMiddleware,
  lifespan,
  limitConnections,
  rateLimit,
  timeouts,
  websockets,
} from "../index.js";

interface User {
  readonly name: string;
}
interface Pool {
  query(): string;
}

const verify = (name: string): User | undefined => (name === "" ? undefined : { name });
const known = authenticate({ token: bearerToken(), verify });
const named = authenticate({ token: bearerToken(), verify: (name) => name });
const maybe = authenticate({ token: bearerToken(), verify, anonymous: true });
const pooled = lifespan({
  startup: async () => ({ pool: { query: () => "one row" } satisfies Pool as Pool }),
  shutdown: ({ pool }) => pool.query(),
});
const ann = { headers: { authorization: "Bearer ann" } };
/** What `serve` takes. */
const serve = (application: Application): Application => application;

const needsUser = async (socket: Connection<{ readonly user: User }>): Promise<void> => {
  await socket.accept();
  await socket.sendText(socket.state.user.name);
};
const needsBoth = async (socket: Connection<{ readonly user: User; readonly pool: Pool }>): Promise<void> => {
  await socket.accept();
  await socket.sendText(`${socket.state.user.name}: ${socket.state.pool.query()}`);
};

describe("the state of a view", () => {
  test("fault 206: is what the middleware beside it provides, without a word of the view", () => {
    websocket(
      "/<int:id>/",
      async (socket, { id }) => {
        expectTypeOf(socket.state.user.name).toEqualTypeOf<string>();
        expectTypeOf(id).toEqualTypeOf<number>();
        // @ts-expect-error: nothing provides a pool
        socket.state.pool;
      },
      { use: [authenticate({ token: bearerToken(), verify }), rateLimit({ messages: 1 })] },
    );
    websocket(
      "/",
      async (socket) => {
        expectTypeOf(socket.state).toEqualTypeOf<{ pool: Pool; readonly user: string }>();
      },
      { use: [pooled, known, named] },
    );
    websocket(
      "/",
      async (socket) => {
        expectTypeOf(socket.state.user).toEqualTypeOf<User | undefined>();
      },
      { use: [authenticate({ token: bearerToken(), verify, anonymous: true })] },
    );
  });

  test("fault 206: is unknown where nothing provides it, so it is no string", () => {
    websocket("/", async (socket) => {
      // @ts-expect-error: nothing in front of this view provides a user
      const name: string = socket.state["user"];
      return socket.sendText(name);
    });
    websocket(
      "/",
      async (socket) => {
        // @ts-expect-error: a rate limit provides no user
        const name: string = socket.state["user"];
        return socket.sendText(name);
      },
      { use: [rateLimit({ messages: 1 })] },
    );
  });

  test("fault 206: can't be claimed on a scope that does not have it", () => {
    const application: Application = async (scope, receive, send) => {
      if (scope.type !== "websocket") throw new TypeError(scope.type);
      expectTypeOf(new Connection(scope, receive, send).state).toEqualTypeOf<Record<string, unknown>>();
      // @ts-expect-error: this application says of nothing that it needs a user
      new Connection<{ readonly user: User }>(scope, receive, send);
    };
    const needing: Application<{ readonly user: User }> = async (scope, receive, send) => {
      if (scope.type !== "websocket") throw new TypeError(scope.type);
      expectTypeOf(new Connection(scope, receive, send).state.user).toEqualTypeOf<User>();
    };
    serve(application);
    // @ts-expect-error: nothing provides the user that it needs
    serve(needing);
    serve(known(needing));
  });
});

describe("an application whose views need a state", () => {
  const routes = createRouter([
    websocket("/user/", needsUser),
    websocket("/both/<int:id>/", needsBoth, { name: "both", use: [known] }),
    mount("/raw", echo),
  ]);

  test("fault 206: is one to serve where all that they need is provided, in whatever form", async () => {
    const guards = [
      accessLog({ write: () => {} }),
      allowedHosts(["localhost"]),
      allowedOrigins("*"),
      catchErrors(() => {}),
      limitConnections({ total: 1 }),
      timeouts({ idle: 30_000 }),
    ] as const;
    const [first, ...rest]: [Application, ...Application[]] = [
      serve(compose(...guards, pooled, known, websockets(routes))(echo)),
      serve(pooled(known(websockets(routes)(echo)))),
      serve(compose(pooled, known)(websockets(routes)())),
      serve(compose(compose(pooled, known), rateLimit({ messages: 9 }), websockets(routes))(echo)),
      serve(websockets(createRouter([include("/", routes, { use: [pooled, known] })]))(echo)),
      serve(websockets(createRouter([mount("/", compose(pooled, known, websockets(routes))(echo))]))()),
    ];
    expect(rest).toHaveLength(5);
    await using session = await connect(first, "/both/5/", ann);
    expect(await session.receiveText()).toBe("ann: one row");
  });

  test("fault 206: does not compile where something is missing, or is of another type", () => {
    // @ts-expect-error: user and pool are missing
    serve(websockets(routes)(echo));
    // @ts-expect-error: user and pool are missing
    serve(websockets(routes)());
    // @ts-expect-error: user is missing
    serve(compose(pooled, websockets(routes))(echo));
    // @ts-expect-error: pool is missing
    serve(compose(known, websockets(routes))(echo));
    // @ts-expect-error: what stands inside provides nothing to what is outside
    serve(compose(websockets(routes), pooled, known)(echo));
    // @ts-expect-error: this user is a string
    serve(compose(pooled, named, websockets(routes))(echo));
    // @ts-expect-error: user may be undefined
    serve(compose(pooled, maybe, websockets(routes))(echo));
    // @ts-expect-error: user is missing
    serve(websockets(createRouter([include("/x", routes, { use: [pooled] })]))(echo));
    // @ts-expect-error: user and pool are missing in the mount
    serve(websockets(createRouter([mount("/x", websockets(routes)(echo))]))(echo));
    // @ts-expect-error: a middleware is no application
    expect(() => serve(compose(pooled, known, websockets(routes)))).not.toThrow();
  });

  test("fault 206: says in its type what it needs, by name", () => {
    expectTypeOf(websockets(routes)(echo)).toEqualTypeOf<
      Application<{ readonly user: User; readonly pool: Pool }>
    >();
    expectTypeOf(compose(pooled, websockets(routes))(echo)).toEqualTypeOf<
      Application<{ readonly user: User }>
    >();
    expectTypeOf(compose(pooled, known, websockets(routes))(echo)).toEqualTypeOf<Application>();
  });
});

describe("a middleware of one's own", () => {
  const tenant = defineMiddleware<{ readonly tenant: string }, { readonly user: User }>(
    "tenant",
    (application) => (scope, receive, send) =>
      scope.type === "websocket"
        ? application({ ...scope, state: { ...scope.state, tenant: "acme" } }, receive, send)
        : application(scope, receive, send),
  );
  const plain: Middleware = (application) => (scope, receive, send) => application(scope, receive, send);

  test("fault 206: says what it provides and what it needs", async () => {
    expectTypeOf(tenant).toEqualTypeOf<
      StateMiddleware<{ readonly tenant: string }, { readonly user: User }>
    >();
    const routes = createRouter([
      websocket("/", async (socket: Connection<{ readonly tenant: string }>) => {
        await socket.accept();
        await socket.sendText(socket.state.tenant);
      }),
    ]);
    await using session = await connect(
      serve(compose(known, plain, tenant, websockets(routes))(echo)),
      "/",
      ann,
    );
    expect(await session.receiveText()).toBe("acme");
    // @ts-expect-error: the user that the tenant is found by comes too late
    serve(compose(tenant, known, websockets(routes))(echo));
  });
});
