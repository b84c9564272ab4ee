import { createHash, timingSafeEqual } from "node:crypto";
import { createRouter, websocket } from "@ws/router";
import { loopback, start, type TestServer, type TestSession } from "@ws/testing";
import { afterEach, expect, test, vi } from "vitest";
import { allowedOrigins } from "../allowed-origins.js";
import { AuthSession } from "../auth/auth-session.js";
import { bearerToken, cookieToken } from "../auth/token.js";
import { authenticate } from "../authenticate.js";
import { compose } from "../composing/compose.js";
import { echo } from "../echo.fixture.js";
import { rateLimit } from "../rate-limit.js";
import { timeouts } from "../timeouts.js";
import { websockets } from "../websockets.js";
import { handshake, statusOf } from "./wire.fixture.js";

afterEach(() => {
  vi.useRealTimers();
});

const authorization = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

async function hello(session: TestSession): Promise<void> {
  await session.sendText("hello");
  expect(await session.receiveText()).toBe("hello");
}

test("fault 157: a missing or bad token gets 401 before any application runs", async () => {
  let runs = 0;
  const known = authenticate({ token: bearerToken(), verify: (token) => isSame(token, "s3cret") && "ann" });
  const orNobody = authenticate({
    token: bearerToken(),
    verify: (token) => (isSame(token, "s3cret") ? "ann" : null),
  });
  const application = (middleware: typeof known) =>
    middleware((scope, receive, send) => {
      runs += Number(scope.type === "websocket");
      return echo(scope, receive, send);
    });
  await using server = await start(application(orNobody), { transport: loopback });
  const bad = ["", "Authorization: Bearer wrong", "Authorization: Bearer", "Authorization: Basic czNjcmV0"];
  const twice = "Authorization: Bearer s3cret\r\nAuthorization: Bearer s3cret";
  for (const line of [...bad, twice, "Authorization: Bearer s3cret s3cret", "Authorization: s3cret"]) {
    const answer = await server.request(handshake("/", line === "" ? [] : [line]));
    expect([line, statusOf(answer)]).toEqual([line, 401]);
    expect(answer).toMatch(/^www-authenticate: Bearer\r$/im);
  }
  await using strict = await start(application(known), { transport: loopback });
  expect(statusOf(await strict.request(handshake("/", ["Authorization: Bearer wrong"])))).toBe(403);
  expect(runs).toBe(0);
  await using session = await server.connect("/", authorization("s3cret"));
  await hello(session);
  expect(runs).toBe(1);
});

test("fault 158: a token that expires in the middle of a connection closes it with 1008", async () => {
  const middleware = authenticate({
    token: bearerToken(),
    verify: (token) => new AuthSession(token, { expiresAt: Date.now() + 600 }),
  });
  await using server = await start(middleware(echo), { transport: loopback });
  await using session = await server.connect("/", authorization("ann"));
  await hello(session);
  expect(await session.closed).toEqual({ code: 1008, reason: "token expired", wasClean: true });
});

test("fault 158: a token that expired before it came, or before the application accepted, lets nobody in", async () => {
  const middleware = authenticate({
    token: bearerToken(),
    verify: (token) => new AuthSession(token, { expiresAt: Date.now() + Number(token) }),
  });
  // It never accepts by itself: what answers is the end of the session.
  const application = middleware(async (scope, receive) => {
    if (scope.type !== "websocket") throw new Error("no lifespan");
    await receive();
    expect((await receive()).type).toBe("websocket.disconnect");
  });
  await using server = await start(application, { transport: loopback });
  await expect(server.connect("/", authorization("0"))).rejects.toMatchObject({ status: 401 });
  await expect(server.connect("/", authorization("30"))).rejects.toMatchObject({ status: 403 });
});

test("fault 159: a logout elsewhere closes all sockets of the session, and no other, within a second", async () => {
  const sessions = new Map([
    ["first", new AbortController()],
    ["second", new AbortController()],
  ]);
  const middleware = authenticate({
    token: cookieToken("sid"),
    verify: (sid) => {
      const session = sessions.get(sid);
      return session && new AuthSession("ann", { revoked: session.signal });
    },
  });
  await using server = await start(middleware(echo), { transport: loopback });
  const connect = (sid: string) => server.connect("/", { cookies: { sid } });
  await using other = await connect("second");
  const sockets = await Promise.all(Array.from({ length: 20 }, () => connect("first")));
  // No timer runs from here on: they are closed at once, or never.
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] });
  sessions.get("first")?.abort();
  for (const socket of sockets) {
    expect(await socket.closed).toEqual({ code: 1008, reason: "session revoked", wasClean: true });
  }
  vi.useRealTimers();
  await expect(connect("first")).rejects.toMatchObject({ status: 401 });
  await hello(other);
});

test("fault 160: a first message that never comes closes with 1008, one that came in time does not", async () => {
  await using server = await start(timeouts({ firstMessage: 600 })(echo), { transport: loopback });
  await using silent = await server.connect("/");
  await using talkative = await server.connect("/");
  await hello(talkative);
  expect(await silent.closed).toEqual({ code: 1008, reason: "first message timeout", wasClean: true });
  await hello(talkative);
});

test("fault 161: the sixth attempt to sign in over one socket closes with 1008 and is never looked at", async () => {
  const attempts: string[] = [];
  const routes = createRouter([
    websocket("/sign-in/", async (socket) => {
      await socket.accept();
      for await (const password of socket.text()) {
        attempts.push(password);
        await socket.sendText("no");
      }
    }),
  ]);
  const application = compose(rateLimit({ messages: 5, per: 3_600_000 }), websockets(routes))(echo);
  await using server = await start(application, { transport: loopback });
  await using session = await server.connect("/sign-in/");
  for (const guess of ["1", "2", "3", "4", "5", "6", "7"]) await session.sendText(guess);
  for (let count = 0; count < 5; count += 1) expect(await session.receiveText()).toBe("no");
  expect(await session.closed).toMatchObject({ code: 1008, reason: "rate limit" });
  expect(attempts).toEqual(["1", "2", "3", "4", "5"]);
});

/** What a page of `origin` gets that connects with the victim's cookie. */
async function fromPage(server: TestServer, origin: string): Promise<number> {
  const answer = await server.request(
    handshake("/", ["Cookie: sid=ann", `Origin: ${origin}`, "Sec-WebSocket-Extensions: x"]),
  );
  return statusOf(answer);
}

test("fault 162: a victim's cookie from an evil page gets 403, and its token is not even looked at", async () => {
  const asked: string[] = [];
  const verify = (token: string): string => {
    asked.push(token);
    return token;
  };
  const wired = authenticate({ token: cookieToken("sid"), verify })(echo);
  await using byDefault = await start(wired, { transport: loopback });
  const shop = { allowedOrigins: ["https://shop.example"] };
  await using byOption = await start(wired, { transport: loopback, ...shop });
  const guarded = allowedOrigins(shop.allowedOrigins)(wired);
  await using byMiddleware = await start(guarded, { transport: loopback, allowedOrigins: "*" });
  const evil = ["https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"];
  for (const origin of [...evil, "https://localhost.evil.example", "https://shop.example@evil.example"]) {
    for (const server of [byDefault, byOption, byMiddleware]) {
      expect([origin, await fromPage(server, origin)]).toEqual([origin, 403]);
    }
  }
  expect(asked).toEqual([]);
  await using own = await byOption.connect("/", { cookies: { sid: "ann" }, origin: "https://shop.example" });
  await hello(own);
  expect(asked).toEqual(["ann"]);
});
