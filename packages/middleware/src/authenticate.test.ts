import { Connection } from "@ws/connection";
import type { Application, Scope } from "@ws/events";
import { connect, loopback, start } from "@ws/testing";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { authenticate } from "./authenticate.js";
import { echo, httpRequest } from "./echo.fixture.js";
import { connect as connectEvent, FakeServer, lifespanScope, webSocketScope } from "./fake.fixture.js";
import { Grant } from "./grant.js";
import { refused } from "./refused.fixture.js";
import { bearerToken, cookieToken, subprotocolToken } from "./token.js";

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
    verdict: unknown,
  ): Promise<{ runs: Scope[]; asked: unknown[]; sent: unknown }> {
    const runs: Scope[] = [];
    const asked: unknown[] = [];
    const server = new FakeServer(connectEvent);
    const middleware = authenticate({
      token: () => token as string,
      verify: (...given) => {
        asked.push(...given);
        return verdict;
      },
    });
    await middleware(async (scope) => void runs.push(scope))(
      webSocketScope({ state: { a: 1 } }),
      server.receive,
      server.send,
    );
    return { runs, asked, sent: server.sent[0] };
  }

  test.each([undefined, "", null, 0, {}, Promise.resolve("ann")])(
    "is not asked, and nobody gets in, where the token is %j",
    async (token) => {
      const { runs, asked, sent } = await run(token, { name: "ann" });
      expect(runs).toEqual([]);
      expect(asked).toEqual([]);
      expect(sent).toMatchObject({ status: 401 });
    },
  );

  test.each([
    [null, 401],
    [undefined, 401],
    [false, 403],
  ])("that says %j is a refusal with %i", async (verdict, status) => {
    const { runs, sent } = await run("token", verdict);
    expect(runs).toEqual([]);
    expect(sent).toMatchObject({ status });
  });

  test.each([true, 0, "", "ann", { id: 1 }])(
    "that says %j lets that user in, in a copied scope and state",
    async (user) => {
      const { runs } = await run("token", user);
      expect(runs).toEqual([webSocketScope({ state: { a: 1, user } })]);
    },
  );

  test.each([
    ["of nobody", new Grant(undefined), 401],
    ["of somebody who may not", new Grant(false), 403],
    ["that is over", new Grant("ann", { expiresAt: 1 }), 401],
    ["that was revoked", new Grant("ann", { revoked: AbortSignal.abort() }), 401],
  ])("that gives a grant %s lets nobody in", async (_, grant, status) => {
    const { runs, sent } = await run("token", grant);
    expect(runs).toEqual([]);
    expect(sent).toMatchObject({ status });
  });

  test("that gives a grant lets its user in, and watches it no longer than the application runs", async () => {
    const remove = vi.spyOn(AbortSignal.prototype, "removeEventListener");
    const { runs } = await run("token", new Grant("ann", { revoked: new AbortController().signal }));
    expect(runs).toEqual([webSocketScope({ state: { a: 1, user: "ann" } })]);
    expect(remove).toHaveBeenCalledOnce();
  });

  test("is given the token and the scope, without the token where the source conceals it", async () => {
    const { asked } = await run("token", null);
    expect(asked).toEqual(["token", webSocketScope({ state: { a: 1 } })]);
    const scopes: unknown[] = [];
    const middleware = authenticate({
      token: subprotocolToken("bearer."),
      verify: (_, scope) => void scopes.push(scope),
    });
    const { receive, send } = new FakeServer(connectEvent);
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
  const { receive, send } = new FakeServer();
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
  authenticate({ token: bearerToken() });
});
