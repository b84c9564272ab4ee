import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WebSocketScope } from "../model/scope.js";
import { requestUrl } from "./request-url.js";

const scope: WebSocketScope = {
  type: "websocket",
  asgi: { version: "3.0", specVersion: "2.5" },
  httpVersion: "1.1",
  scheme: "wss",
  path: "/chat/ü",
  rawPath: "/chat/%C3%BC",
  queryString: "a=1&b=%20",
  rootPath: "",
  headers: [["host", "example.com:8443"]],
  client: null,
  server: null,
  subprotocols: [],
  state: {},
  extensions: {},
};

/** The URL of a request with this `Host`. */
const at = (...hosts: string[]): URL =>
  requestUrl({ ...scope, headers: hosts.map((host) => ["host", host] as const) });

describe("the URL of a request", () => {
  test("is made of the scheme, the Host header, the path and the query as they came", () => {
    expect(requestUrl(scope).href).toBe("wss://example.com:8443/chat/%C3%BC?a=1&b=%20");
    expect(requestUrl({ ...scope, type: "http", scheme: "http", method: "GET" }).protocol).toBe("http:");
  });

  test("is at localhost where the client named no host", () => {
    expect(at().href).toBe("wss://localhost/chat/%C3%BC?a=1&b=%20");
  });

  test("has no query where there was none", () => {
    expect(requestUrl({ ...scope, queryString: "" }).href).toBe("wss://example.com:8443/chat/%C3%BC");
  });

  test.each([
    "//evil.example/x",
    "///evil.example",
    "/\\evil.example",
    "/@evil.example",
    "/x?host=#evil.example",
  ])("keeps its host whatever the path says: %s", (rawPath) => {
    const url = requestUrl({ ...scope, rawPath, queryString: "" });
    expect([url.host, url.username, url.search, url.hash]).toEqual(["example.com:8443", "", "", ""]);
  });

  test("keeps its host for any path and query", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, queryString) => {
        const url = requestUrl({ ...scope, rawPath: `/${path}`, queryString });
        expect([url.origin, url.username, url.hash]).toEqual(["wss://example.com:8443", "", ""]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a Host header that is none", () => {
  test.each([
    "",
    "user@evil.example",
    "good.com/path",
    "good.com?x",
    "good.com#x",
    "good.com\\x",
    "a, b",
    "a:99999",
  ])("makes no URL: %j", (host) => {
    expect(() => at(host)).toThrow(new TypeError(`Host: expected "host" or "host:port", got "${host}"`));
  });

  test.each(["256.256.256.256", "[::1::2]"])("nor does an address that is none: %s", (host) => {
    expect(() => at(host)).toThrow(TypeError);
  });

  test("is told in short", () => {
    expect(() => at("@".repeat(100_000))).toThrow(/^.{0,120}$/);
  });
});
