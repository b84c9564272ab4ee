import type { HeaderList } from "@ws/events";
import { describe, expect, test } from "vitest";
import { httpScope, webSocketScope } from "../events.fixture.js";
import { bearerToken, cookieToken, subprotocolToken } from "./token.js";

const withHeaders = (name: string, ...values: string[]) => {
  const headers: HeaderList = values.map((value) => [name, value] as const);
  return webSocketScope({ headers });
};

describe("bearerToken", () => {
  test.each([
    ["Bearer abc", "abc"],
    ["bearer  a-b._~+/c==", "a-b._~+/c=="],
    ["BEARER 1", "1"],
  ])("reads %j", (value, token) => {
    expect(bearerToken()(withHeaders("authorization", value))).toBe(token);
    expect(bearerToken()(httpScope({ headers: [["authorization", value]] }))).toBe(token);
  });

  test.each([
    "",
    "abc",
    "Bearer",
    "Bearer ",
    "Basic abc",
    "Bearer a b",
    "Bearer a,b",
    "xBearer abc",
    "Bearer é",
  ])("finds no token in %j", (value) => {
    expect(bearerToken()(withHeaders("authorization", value))).toBeUndefined();
  });

  test("finds none where there is no header, or two", () => {
    expect(bearerToken()(webSocketScope())).toBeUndefined();
    expect(bearerToken()(withHeaders("authorization", "Bearer a", "Bearer a"))).toBeUndefined();
  });
});

describe("cookieToken", () => {
  test.each([
    ["sid=abc", "abc"],
    ["a=1; sid=abc; b=2", "abc"],
    ["a=1;sid = abc ;", "abc"],
    ["sid=first; sid=second", "first"],
    ["sid=a%20b", "a b"],
    ["sid=%", "%"],
    ["sid=a=b", "a=b"],
    ["sid=", ""],
  ])("reads %j", (value, token) => {
    expect(cookieToken("sid")(withHeaders("cookie", value))).toBe(token);
  });

  test("reads every Cookie line", () => {
    expect(cookieToken("sid")(withHeaders("cookie", "a=1", "sid=abc"))).toBe("abc");
  });

  test.each(["", "sid", "xsid=abc", "SID=abc", "\u00a0sid=abc", "a=sid=abc", "__proto__=x"])(
    "finds no token in %j",
    (value) => {
      expect(cookieToken("sid")(withHeaders("cookie", value))).toBeUndefined();
    },
  );

  test("a name that no cookie can have is a mistake, told at once", () => {
    expect(() => cookieToken("a b")).toThrow(/^cookieToken: expected the name of a cookie, got "a b"/);
    expect(() => cookieToken("")).toThrow(TypeError);
  });
});

describe("subprotocolToken", () => {
  const source = subprotocolToken("bearer.");
  const headers: HeaderList = [
    ["host", "localhost"],
    ["sec-websocket-protocol", "chat"],
    ["sec-websocket-protocol", "bearer.XYZ, v2"],
  ];
  const scope = webSocketScope({ subprotocols: ["chat", "bearer.XYZ", "v2"], headers });

  test("reads what follows the prefix", () => {
    expect(source(scope)).toBe("XYZ");
  });

  test("finds no token where no offer has the prefix, or two have", () => {
    expect(source(webSocketScope({ subprotocols: ["chat", "Bearer.XYZ", "x.bearer.XYZ"] }))).toBeUndefined();
    expect(source(webSocketScope({ subprotocols: ["bearer.a", "bearer.b"] }))).toBeUndefined();
    expect(source(httpScope())).toBeUndefined();
  });

  test("takes the offer out of the scope that goes on, and out of its headers", () => {
    const redacted = source.redact?.(scope);
    expect(redacted).toMatchObject({ subprotocols: ["chat", "v2"] });
    expect(redacted?.headers).toEqual([
      ["host", "localhost"],
      ["sec-websocket-protocol", "chat, v2"],
    ]);
    expect(JSON.stringify(redacted)).not.toContain("XYZ");
    expect(scope.subprotocols).toHaveLength(3);
  });

  test("takes every such offer out, and the header where nothing is left", () => {
    const both = webSocketScope({
      subprotocols: ["bearer.a", "bearer.b"],
      headers: [["sec-websocket-protocol", "bearer.a, bearer.b"]],
    });
    expect(source.redact?.(both)).toEqual({ ...both, subprotocols: [], headers: [] });
  });

  test("leaves an HTTP scope as it is", () => {
    const http = httpScope();
    expect(source.redact?.(http)).toBe(http);
  });

  test("a prefix that no subprotocol can have is a mistake, told at once", () => {
    expect(() => subprotocolToken("bearer ")).toThrow(
      /^subprotocolToken: expected the beginning of a subprotocol/,
    );
    expect(() => subprotocolToken("")).toThrow(TypeError);
  });
});
