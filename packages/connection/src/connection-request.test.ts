import { webSocketScope } from "@ws/testing/driver";
import { expect, expectTypeOf, test } from "vitest";
import { ConnectionRequest } from "./connection-request.js";

type Parts = Parameters<typeof webSocketScope>[0];
const request = (parts: Parts = {}): ConnectionRequest<Record<string, unknown>> =>
  new ConnectionRequest(webSocketScope(parts));

test("the URL is whole: scheme, host, encoded path, query", () => {
  const { url } = request({
    scheme: "wss",
    headers: [["host", "example.org:8443"]],
    path: "/ü/",
    rawPath: "/%C3%BC/",
    queryString: "a=1&b=%20",
  });
  expect(url).toBeInstanceOf(URL);
  expect(url.href).toBe("wss://example.org:8443/%C3%BC/?a=1&b=%20");
});

test.each([
  "//evil.example/x",
  "/\\evil.example",
  "/@evil.example/",
  "//",
  "/http://evil.example/",
  "/..//evil.example",
])("a path such as %s never becomes another host", (rawPath) => {
  const { url } = request({ rawPath, path: rawPath });
  expect(url.host).toBe("localhost");
  expect(url.username).toBe("");
  expect(url.pathname.startsWith("/")).toBe(true);
});

test("nor does a query become a fragment", () => {
  const { url } = request({ queryString: "a=1#b@evil.example" });
  expect(url.hash).toBe("");
  expect(url.host).toBe("localhost");
});

test("path and query string are as the scope has them", () => {
  const { path, queryString } = request({ path: "/root/a b", queryString: "a=%zz" });
  expect(path).toBe("/root/a b");
  expect(queryString).toBe("a=%zz");
});

test("the query is the platform's: first, all and none", () => {
  const { query } = request({ queryString: "a=1&a=2&b=%20&%zz&&&=&c[d]=1&__proto__=x" });
  expect(query).toBeInstanceOf(URLSearchParams);
  expect(query.get("a")).toBe("1");
  expect(query.getAll("a")).toEqual(["1", "2"]);
  expect(query.get("b")).toBe(" ");
  expect(query.get("%zz")).toBe("");
  expect(query.get("c[d]")).toBe("1");
  expect(query.get("__proto__")).toBe("x");
  expect(query.get("missing")).toBeNull();
});

test("5,000 query pairs are no trouble", () => {
  const queryString = Array.from({ length: 5_000 }, (_, index) => `k${index}=${index}`).join("&");
  expect(request({ queryString }).query.size).toBe(5_000);
});

test("headers, cookies, subprotocols and client are the handshake's", () => {
  const one = request({
    headers: [
      ["host", "example.org"],
      ["cookie", "a=1"],
    ],
    subprotocols: ["v2", "v1"],
    client: { host: "10.0.0.1", port: 80 },
  });
  expect(one.headers.get("cookie")).toBe("a=1");
  expect(one.cookies.get("a")).toBe("1");
  expect(one.subprotocols).toEqual(["v2", "v1"]);
  expect(one.client).toEqual({ host: "10.0.0.1", port: 80 });
  expect(request({ client: null }).client).toBeNull();
});

test("each part is read once", () => {
  const one = request();
  expect(one.url).toBe(one.url);
  expect(one.headers).toBe(one.headers);
  expect(one.query).toBe(one.query);
  expect(one.cookies).toBe(one.cookies);
});

test("params are the router's, and without one an empty record that has no prototype", () => {
  const pathParams = { room: 5 };
  expect(request({ pathParams }).params).toBe(pathParams);
  expect(Object.keys(request().params)).toEqual([]);
  expect(Object.getPrototypeOf(request().params)).toBeNull();
});

test("state is the scope's own, with its type", () => {
  const state = { users: 3 };
  const one = new ConnectionRequest({ ...webSocketScope(), state });
  expect(one.state).toBe(state);
  expectTypeOf(one.state).toEqualTypeOf<{ users: number }>();
});
