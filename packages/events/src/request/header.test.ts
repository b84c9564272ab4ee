import { describe, expect, test } from "vitest";
import { type HeaderPlace, headersProblem, headerValues, isToken } from "./header.js";

const places: readonly HeaderPlace[] = ["accept", "denial", "response"];

describe("a token", () => {
  test("is made of the visible characters that separate nothing", () => {
    const legal = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (let unit = 0; unit < 0x1_0000; unit += 1) {
      const character = String.fromCharCode(unit);
      if (isToken(character) !== legal.includes(character)) expect.fail(`U+${unit.toString(16)}`);
    }
  });

  test("is not empty", () => {
    expect(isToken("")).toBe(false);
  });

  test.each(["a b", "chat\r\nSet-Cookie: x", "chat\n", "\0chat", "a,b", "chät", "名前"])(
    "is not %j",
    (text) => {
      expect(isToken(text)).toBe(false);
    },
  );
});

describe("the values of a header", () => {
  const headers = [
    ["cookie", "a=1"],
    ["host", "example.com"],
    ["cookie", "b=2"],
  ] as const;

  test("are all of its lines, in order", () => {
    expect(headerValues(headers, "cookie")).toEqual(["a=1", "b=2"]);
  });

  test("are none where it is absent", () => {
    expect(headerValues(headers, "origin")).toEqual([]);
    expect(headerValues([], "origin")).toEqual([]);
  });

  test("are not found by a name that every object has", () => {
    expect(headerValues([["__proto__", "x"]], "constructor")).toEqual([]);
    expect(headerValues([["__proto__", "x"]], "__proto__")).toEqual(["x"]);
  });
});

describe.each(places)("the header list of an %s", (place) => {
  test("may be absent, empty, or hold duplicates and names in any case", () => {
    expect(headersProblem(undefined, place)).toBeUndefined();
    expect(headersProblem([], place)).toBeUndefined();
    const headers = [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["X-Empty", ""],
    ];
    expect(headersProblem(headers, place)).toBeUndefined();
  });

  test.each([null, "x-a: b", 1, {}, new Map([["a", "b"]])])("is a list, not %o", (headers) => {
    expect(headersProblem(headers, place)).toBe("headers: expected a list of [name, value]");
  });

  test.each([undefined, null, "x: y", { 0: "a", 1: "b" }, [], ["a"], ["a", "b", "c"]])(
    "holds pairs, not %o",
    (pair) => {
      expect(headersProblem([["x-ok", "1"], pair], place)).toBe("headers[1]: expected [name, value]");
    },
  );

  test("has no holes", () => {
    expect(headersProblem(new Array(1), place)).toBe("headers[0]: expected [name, value]");
  });

  test.each(["", "a b", "a:", "a\r\nb", "a\0", "ä", 1, null, undefined])(
    "has tokens for names, not %j",
    (name) => {
      const expected = "headers[0]: expected a header name that is an RFC 9110 token";
      expect(headersProblem([[name, "v"]], place)).toBe(expected);
    },
  );

  test("has values of tab, space, visible ASCII and latin-1, and no other character", () => {
    for (let unit = 0; unit < 0x200; unit += 1) {
      const legal = unit === 9 || (unit >= 0x20 && unit !== 0x7f && unit <= 0xff);
      const problem = headersProblem([["x-a", `a${String.fromCharCode(unit)}b`]], place);
      if ((problem === undefined) !== legal) expect.fail(`U+${unit.toString(16)}: ${problem}`);
    }
  });

  test.each(["a\r\nset-cookie: x", "a\n", "\0", "snow ☃", 1, null, undefined, ["a"]])(
    "has strings of latin-1 for values, not %j",
    (value) => {
      const expected = "headers[0]: expected for x-a a latin-1 string without CR, LF, NUL or other controls";
      expect(headersProblem([["x-a", value]], place)).toBe(expected);
    },
  );

  test("is complained of shortly, however long a name is", () => {
    const name = `Sec-WebSocket-${"x".repeat(100_000)}`;
    expect((headersProblem([[name, "\n"]], place) ?? "").length).toBeLessThan(200);
    expect((headersProblem([[name, "v"]], place) ?? "").length).toBeLessThan(200);
    expect((headersProblem([[`${name} `, "v"]], place) ?? "").length).toBeLessThan(200);
  });
});

describe("the headers that belong to the server", () => {
  const hopByHop = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
  ];
  const handshake = [
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "content-length",
  ];
  const verdicts = (name: string): (string | undefined)[] =>
    places.map((place) => headersProblem([[name, "v"]], place));

  test.each(hopByHop)("%s speaks of one hop: neither an accept nor a denial may hold it", (name) => {
    const problem = `headers[0]: ${name} is set by the server alone`;
    expect(verdicts(name)).toEqual([problem, problem, undefined]);
  });

  test.each(handshake)("%s is the handshake's: an accept may not hold it", (name) => {
    expect(verdicts(name)).toEqual([`headers[0]: ${name} is set by the server alone`, undefined, undefined]);
  });

  test.each([...hopByHop, ...handshake])("%s is known in upper case too", (name) => {
    const problem = `headers[0]: ${name.toUpperCase()} is set by the server alone`;
    expect(headersProblem([[name.toUpperCase(), "v"]], "accept")).toBe(problem);
  });

  test.each(["sec-websocket", "x-connection", "upgrades", "set-cookie"])("%s is none of them", (name) => {
    expect(verdicts(name)).toEqual([undefined, undefined, undefined]);
  });
});
