import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect as connectTls } from "node:tls";
import { requestUrl } from "@ws/events";
import { expect, test } from "vitest";
import { attach } from "../../attach.js";
import { certificate } from "../../certificate.fixture.js";
import { fromFetch } from "../../http/adapters/from-fetch.js";
import { echo, exchange, handshake, portOf } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { ask, changed, Noting, readAnswer, short } from "../handshake.fixture.js";

const page = fromFetch((request) => new Response(request.url));

test("fault 1: a plain GET is a request like any other, for the HTTP application", async () => {
  await using server = await serve(page, short);
  const answer = await ask(server, "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("http://h/a") });
});

test("fault 2: a POST with upgrade headers gets 405 with Allow, and the socket is closed", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const answer = await ask(server, changed("GET", "POST"));
  expect(answer.status).toBe(405);
  expect(answer.headers.get("allow")).toBe("GET");
  expect(noting.scopes).toEqual([]);
});

test("fault 14: HTTP/1.0, and a version that there is not, get 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const version of ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/3", "HTTQ/1.1"]) {
    expect((await ask(server, changed("HTTP/1.1", version))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 31: a raw NUL, space, tab, control or byte beyond ASCII in the path gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const byte of ["\0", " ", "\t", "\x0b", "\x7f", "\xff", "\x85"]) {
    expect((await ask(server, handshake(`/a${byte}b`))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 32: an encoded NUL gets 400: no reader is given a path that holds one", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const target of ["/%00", "/a%00.txt"]) expect((await ask(server, handshake(target))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
});

test("fault 33: a path that is not percent-encoded UTF-8 gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const target of ["/%", "/%ff", "/%c0%af", "/%ed%a0%80", "/%a", "/%zz"]) {
    expect((await ask(server, handshake(target))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 34: a path with dot segments, encoded or not, gets 400: no two readers can differ on it", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  const targets = [
    "/../../etc/passwd",
    "/a/%2e%2e/b",
    "/a%2f..%2fb",
    "/a/.",
    "/a/..?q",
    "/a/%2E/b",
    "/a%5c..%5cb",
  ];
  for (const target of targets) expect((await ask(server, handshake(target))).status).toBe(400);
  expect(noting.scopes).toEqual([]);
  for (const target of ["/..a/b..", "/.well-known/x", "/a/...", "/?../.."]) {
    expect((await ask(server, handshake(target))).status).toBe(101);
  }
  for (const scope of noting.scopes) expect(requestUrl(scope).pathname).toBe(scope.path);
});

test("fault 34: an HTTP request with dot segments gets 400 too, before the application", async () => {
  await using server = await serve(page, short);
  for (const target of ["/x/../admin", "/x/%2e%2e/admin", "/x\\admin"]) {
    const answer = await ask(server, `GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatchObject({ status: 400, body: "" });
  }
});

test("fault 35: a target that a URL parser takes for a host gets 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const target of ["//", "//evil.com/x", "/\\evil.com", "/%2fevil.com", "/\\/evil.com", "/a\\b"]) {
    expect((await ask(server, handshake(target))).status).toBe(400);
  }
  expect((await ask(server, handshake("/%5cevil.com?\\"))).status).toBe(101);
  expect(noting.scopes.map((scope) => [scope.path, requestUrl(scope).host])).toEqual([
    ["/\\evil.com", "localhost"],
  ]);
});

test("fault 36: of an absolute target only the path and query count, never its host", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const target of ["http://evil/x?y", "ws://evil:1/x?y", "HTTPS://user@evil/x?y"]) {
    expect((await ask(server, handshake(target))).status).toBe(101);
  }
  for (const scope of noting.scopes) {
    expect(scope).toMatchObject({ path: "/x", rawPath: "/x", queryString: "y" });
    expect(requestUrl(scope).host).toBe("localhost");
  }
  expect(noting.scopes).toHaveLength(3);
});

test("fault 37: an asterisk, a fragment and a target without a path get 400", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  for (const target of ["*", "/a#b", "/#", "a", "?a", "localhost:80"]) {
    expect((await ask(server, handshake(target))).status).toBe(400);
  }
  expect(noting.scopes).toEqual([]);
});

test("fault 38: a target above maxTarget gets 414, and one of exactly that length is taken whole", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, handshake(`/?${"q".repeat(15_000)}`))).status).toBe(414);
  expect((await ask(server, handshake(`/?${"q".repeat(8_191)}`))).status).toBe(414);
  expect((await ask(server, handshake(`/?${"q".repeat(8_190)}`))).status).toBe(101);
  expect(noting.scopes.map(({ queryString }) => queryString.length)).toEqual([8_190]);
});

test("fault 39: a query of 5,000 pairs is above the limits, and any other comes as it was sent", async () => {
  const noting = new Noting();
  await using server = await noting.start();
  expect((await ask(server, handshake(`/?${"a=1&".repeat(5_000)}`))).status).toBe(431);
  expect((await ask(server, handshake(`/?${"a&".repeat(5_000)}`))).status).toBe(414);
  const query = "a=1&a=2&a[b][c]=1&&&&=&%zz&%ff=%00&__proto__=x";
  expect((await ask(server, handshake(`/?${query}`))).status).toBe(101);
  expect(noting.scopes.map(({ queryString }) => queryString)).toEqual([query]);
});

test("fault 54: HTTP/2 is not offered over TLS, and a client that speaks nothing else is refused", async () => {
  await using server = await serve(echo, { ...short, tls: certificate });
  const options = { port: portOf(server), host: "127.0.0.1", ca: certificate.cert, servername: "localhost" };
  const both = connectTls({ ...options, ALPNProtocols: ["h2", "http/1.1"] });
  await once(both, "secureConnect");
  expect(both.alpnProtocol).toBe("http/1.1");
  both.destroy();
  const [error] = await once(connectTls({ ...options, ALPNProtocols: ["h2"] }), "error");
  expect(error).toMatchObject({ code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL" });
});

test("fault 54: HTTP/2's preface gets 400, and a CONNECT 405", async () => {
  await using server = await serve(echo, short);
  expect((await ask(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).status).toBe(400);
  for (const target of ["localhost:80", "/"]) {
    const head = `CONNECT ${target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n`;
    expect((await ask(server, head)).status).toBe(405);
  }
});

test("fault 57: an upgrade that two applications take fails with 500, is logged, and neither writes twice", async () => {
  const httpServer = createServer().listen(0, "127.0.0.1");
  await once(httpServer, "listening");
  const lines: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => lines.push(message) };
  const called = new Noting();
  await using first = attach(httpServer, echo, { closeTimeout: 50 });
  await using second = attach(httpServer, called.application, { closeTimeout: 50, logger });
  await Promise.all([first.ready, second.ready]);
  const answer = readAnswer(await exchange((httpServer.address() as AddressInfo).port, handshake()));
  expect(answer).toMatchObject({ status: 500, responses: 1, body: "" });
  expect(called.scopes).toEqual([]);
  expect(lines).toEqual(["two listeners took one upgrade: give each its own paths"]);
  httpServer.close();
});
