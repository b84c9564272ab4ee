import { Connection } from "@ws/connection";
import type { Application, Scope, WebSocketScope } from "@ws/events";
import { connect, loopback, start } from "@ws/testing";
import { Driver } from "@ws/testing/driver";
import { describe, expect, expectTypeOf, test } from "vitest";
import { AuthSession } from "./auth/auth-session.js";
import { bearerToken, cookieToken, subprotocolToken } from "./auth/token.js";
import { authenticate } from "./authenticate.js";
import { echo, httpRequest } from "./echo.fixture.js";
import { connect as connectEvent, lifespanScope, webSocketScope } from "./events.fixture.js";
import { refused } from "./refused.fixture.js";

/** Knows "ann"; has thrown "mallory" out. */
async function verify(token: string): Promise<{ name: string } | null | false> {
  if (token === "mallory") return false;
  return token === "ann" ? { name: token } : null;
}

/** Says who connected and what it was offered. */
const whoAmI: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") return await echo(scope, receive, send);
  const socket = new Connection(scope, receive, send);
  const [subprotocol] = socket.subprotocols;
  await socket.accept({ subprotocol });
  await socket.sendJson({ state: socket.state, subprotocols: socket.subprotocols });
  await socket.receive();
};

/** The scope of a user who was let in, with the session that can be renewed. */
function letIn(user: unknown): WebSocketScope {
  const { extensions } = webSocketScope();
  const auth = expect.objectContaining({ user, expiresAt: Number.POSITIVE_INFINITY });
  return webSocketScope({ state: { a: 1, user }, extensions: { ...extensions, "websocket.auth": auth } });
}

const application = authenticate({ token: bearerToken(), verify })(whoAmI);
const authorization = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe("a handshake", () => {
  test("of a known user gets in, and the user is in scope.state", async () => {
    await using session = await connect(application, "/ws/", authorization("ann"));
    expect(await session.receiveJson()).toMatchObject({ state: { user: { name: "ann" } } });
  });

  test.each([{}, authorization("nobody"), { headers: { authorization: "Basic YW5u" } }])(
    "of nobody is refused with 401: %j",
    async (options) => {
      const { status, headers, body } = await refused(application, options);
      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toBe("Bearer");
      expect(body).toHaveLength(0);
    },
  );

  test("of somebody who may not is refused with 403", async () => {
    const { status, headers } = await refused(application, authorization("mallory"));
    expect(status).toBe(403);
    expect(headers.has("www-authenticate")).toBe(false);
  });

  test("is answered with 500 where verify throws, and the server has the error", async () => {
    const error = new Error("the database is down");
    const failing = authenticate({ token: bearerToken(), verify: () => Promise.reject(error) })(whoAmI);
    expect(await refused(failing, authorization("ann"))).toMatchObject({ status: 500, cause: error });
  });

  test("may have its token in a cookie", async () => {
    const cookies = authenticate({ token: cookieToken("sid"), verify })(whoAmI);
    await using session = await connect(cookies, "/ws/", { cookies: { sid: "ann" } });
    expect(await session.receiveJson()).toMatchObject({ state: { user: { name: "ann" } } });
    expect((await refused(cookies, { cookies: { other: "ann" } })).status).toBe(401);
  });

  test("may have its token in a subprotocol, which the application never sees", async () => {
    const offers = authenticate({ token: subprotocolToken("bearer."), verify })(whoAmI);
    await using session = await connect(offers, "/ws/", { subprotocols: ["bearer.ann", "chat"] });
    expect(session.subprotocol).toBe("chat");
    expect(await session.receiveJson()).toMatchObject({ subprotocols: ["chat"] });
    expect((await refused(offers, { subprotocols: ["bearer.bob", "chat"] })).status).toBe(401);
  });

  test("may have its token wherever a function finds it", async () => {
    const own = authenticate({ token: ({ path }) => path.split("/")[2], verify })(whoAmI);
    await using session = await connect(own, "/ws/ann");
    expect(await session.receiveJson()).toMatchObject({ state: { user: { name: "ann" } } });
  });
});

describe("verify", () => {
  async function run(
    token: unknown,
    result: unknown,
  ): Promise<{ runs: Scope[]; asked: unknown[]; sent: readonly unknown[] }> {
    const runs: Scope[] = [];
    const asked: unknown[] = [];
    const server = new Driver(connectEvent);
    const middleware = authenticate({
      token: () => token as string,
      verify: (...given) => {
        asked.push(...given);
        return result as object;
      },
    });
    await middleware(async (scope) => void runs.push(scope))(
      webSocketScope({ state: { a: 1 } }),
      server.receive,
      server.send,
    );
    return { runs, asked, sent: server.sent };
  }

  test.each([undefined, "", null, 0, {}, Promise.resolve("ann")])(
    "is not asked, and nobody gets in, where the token is %j",
    async (token) => {
      const { runs, asked, sent } = await run(token, { name: "ann" });
      expect(runs).toEqual([]);
      expect(asked).toEqual([]);
      expect(sent[0]).toMatchObject({ status: 401 });
    },
  );

  test.each([
    [null, 401],
    [undefined, 401],
    [false, 403],
    [true, 401],
    [0, 401],
    [42, 401],
    ["", 401],
    [() => {}, 401],
  ])("that says %j is a refusal with %i", async (result, status) => {
    const { runs, sent } = await run("token", result);
    expect(runs).toEqual([]);
    expect(sent[0]).toMatchObject({ status });
  });

  test.each(["ann", { id: 1 }, []])(
    "that says %j lets that user in, in a copied scope and state",
    async (user) => {
      const { runs } = await run("token", user);
      expect(runs).toEqual([letIn(user)]);
    },
  );

  test.each([
    ["of nobody", new AuthSession(undefined), 401],
    ["of somebody who may not", new AuthSession(false), 403],
    ["that is over", new AuthSession("ann", { expiresAt: 1 }), 401],
    ["that was revoked", new AuthSession("ann", { revoked: AbortSignal.abort() }), 401],
  ])("that gives a session %s lets nobody in", async (_, session, status) => {
    const { runs, sent } = await run("token", session);
    expect(runs).toEqual([]);
    expect(sent[0]).toMatchObject({ status });
  });

  test("that gives a session lets its user in, and watches it no longer than the application runs", async () => {
    const logout = new AbortController();
    const { runs, sent } = await run("token", new AuthSession("ann", { revoked: logout.signal }));
    expect(runs).toEqual([letIn("ann")]);
    logout.abort();
    expect(sent).toEqual([]);
  });

  test("is given the token and the scope, without the token where the source redacts it", async () => {
    const { asked } = await run("token", null);
    expect(asked).toEqual(["token", webSocketScope({ state: { a: 1 } })]);
    const scopes: unknown[] = [];
    const middleware = authenticate({
      token: subprotocolToken("bearer."),
      verify: (_, scope) => void scopes.push(scope),
    });
    const { receive, send } = new Driver(connectEvent);
    await middleware(echo)(webSocketScope({ subprotocols: ["bearer.XYZ"] }), receive, send);
    expect(scopes).toEqual([webSocketScope()]);
  });
});

test("an HTTP request is let in or refused alike", async () => {
  await using server = await start(application, { transport: loopback });
  expect(await server.request(httpRequest)).toMatch(/^HTTP\/1\.1 401 .*www-authenticate: Bearer/is);
  const known = httpRequest.replace("Host", "Authorization: Bearer ann\r\nHost");
  expect(await server.request(known)).toMatch(/^HTTP\/1\.1 200 /);
});

test("the lifespan passes", async () => {
  const seen: Scope[] = [];
  const { receive, send } = new Driver();
  await authenticate({ token: bearerToken(), verify })(async (scope) => void seen.push(scope))(
    lifespanScope,
    receive,
    send,
  );
  expect(seen[0]).toBe(lifespanScope);
});

test("verify takes a text and may answer at once or later", () => {
  expectTypeOf<Parameters<typeof authenticate<string>>[0]["verify"]>().parameter(0).toEqualTypeOf<string>();
  authenticate({ token: bearerToken(), verify: () => "ann" });
  // @ts-expect-error: without verify nobody could be let in
  expect(() => authenticate({ token: bearerToken() })).toThrow("got verify: undefined");
});

describe("a client that speaks jsonrpc.topics.v1", () => {
  const renewing: Application = async (scope, receive, send) => {
    if (scope.type !== "websocket") return;
    const socket = new Connection(scope, receive, send);
    await socket.accept({ subprotocol: "jsonrpc.topics.v1" });
    for await (const token of socket.text()) {
      const renewed = await scope.extensions["websocket.auth"]?.renew(token);
      await socket.sendJson([renewed, socket.state, scope.extensions["websocket.auth"]?.user]);
    }
  };

  test("is closed with 3000 when its session ends", async () => {
    const revoked = new AbortController();
    const session = new AuthSession({ id: 1 }, { revoked: revoked.signal });
    const application = authenticate({ token: () => "t", verify: () => session })(renewing) as Application;
    await using client = await connect(application, "/ws/", { subprotocols: ["jsonrpc.topics.v1"] });
    revoked.abort();
    expect(await client.closed).toEqual({ code: 3000, reason: "session revoked", wasClean: true });
  });

  test("has a session that is renewed by a token of the same user, who then stands in the state", async () => {
    const verify = (token: string): object | undefined => (token === "bad" ? undefined : JSON.parse(token));
    const application = authenticate({
      token: () => '{"id":1}',
      verify,
      isSameUser: (one, other) => (one as { id: number }).id === (other as { id: number }).id,
    })(renewing) as Application;
    await using client = await connect(application, "/ws/", { subprotocols: ["jsonrpc.topics.v1"] });
    await client.sendText('{"id":1,"n":2}');
    expect(await client.receiveJson()).toEqual([true, { user: { id: 1, n: 2 } }, { id: 1, n: 2 }]);
    for (const token of ['{"id":2}', "bad"]) {
      await client.sendText(token);
      expect(await client.receiveJson()).toEqual([false, { user: { id: 1, n: 2 } }, { id: 1, n: 2 }]);
    }
  });
});
