import { webSocketScope } from "@ws/testing/driver";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConnectionRequest } from "./connection-request.js";
import { readCookies } from "./request.js";

/** The longest query and Cookie line that a server lets through. */
const longestQuery = 8_190;
const longestLine = 16_000;

const queryOf = (queryString: string): URLSearchParams =>
  new ConnectionRequest(webSocketScope({ queryString })).query;
const cookiesOf = (...lines: readonly string[]): ReadonlyMap<string, string> =>
  readCookies(webSocketScope({ headers: lines.map((line) => ["cookie", line] as const) }));

/** Runs it and gives how long the process worked meanwhile, in ms: on a busy machine no longer than on a quiet one. */
function duration(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

const byte = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
const piece = fc.constantFrom(
  "a",
  "=",
  "&",
  ";",
  " ",
  "%",
  "%zz",
  "%ff",
  "%00",
  '"',
  "[",
  "]",
  "__proto__",
  "constructor",
  "+",
);
const near = fc.oneof(
  byte,
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
);

/** That nothing was put on the prototype of every object. */
function expectCleanPrototype(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect("x" in {}).toBe(false);
}

describe("the query", () => {
  test("fault 39: as many pairs as the longest target holds are read at once, and no more can come", () => {
    let pairs = 0;
    expect(
      duration(() => {
        pairs = queryOf("a&".repeat(longestQuery / 2)).getAll("a").length;
      }),
    ).toBeLessThan(200);
    expect(pairs).toBe(4_095);
  });

  test("fault 39: a name that comes twice has its first value, and all of them where all are asked for", () => {
    expect(queryOf("a=1&a=2").get("a")).toBe("1");
    expect(queryOf("a=1&a=2").getAll("a")).toEqual(["1", "2"]);
  });

  test("fault 39: brackets make no objects, and gaps and bad percents no error", () => {
    expect([...queryOf("a[b][c]=1&&&&=&%zz&b=%ff%00")]).toEqual([
      ["a[b][c]", "1"],
      ["", ""],
      ["%zz", ""],
      ["b", "\ufffd\0"],
    ]);
  });

  test("fault 40: names of every object's properties are names like others, and change no prototype", () => {
    const query = queryOf("__proto__=x&constructor=y&__proto__[a]=1");
    expect([...query.keys()]).toEqual(["__proto__", "constructor", "__proto__[a]"]);
    expect(query.get("toString")).toBeNull();
    expectCleanPrototype();
  });

  test("fault 39: whatever a query says, it is read, and has no more pairs than separators", () => {
    fc.assert(
      fc.property(near, (text) => {
        const query = queryOf(text);
        expect(query.size).toBeLessThanOrEqual(text.split("&").length);
        for (const [name] of query) expect(typeof query.get(name)).toBe("string");
      }),
      { numRuns: 2_000 },
    );
    expectCleanPrototype();
  });
});

describe("params and headers", () => {
  test("fault 40: without a router the params are an object without a prototype", () => {
    const { params } = new ConnectionRequest(webSocketScope({}));
    expect(Object.getPrototypeOf(params)).toBeNull();
    expect(params["constructor"]).toBeUndefined();
  });

  test("fault 41: a header named __proto__ is one, and changes no prototype", () => {
    const { headers } = new ConnectionRequest(webSocketScope({ headers: [["__proto__", "x"]] }));
    expect(headers.get("__proto__")).toBe("x");
    expect(headers.get("toString")).toBeNull();
    expectCleanPrototype();
  });
});

describe("cookies", () => {
  test("fault 41: whatever a Cookie line says, it is read, and has no more cookies than separators", () => {
    fc.assert(
      fc.property(fc.array(near, { maxLength: 3 }), (lines) => {
        const cookies = cookiesOf(...lines);
        expect(cookies.size).toBeLessThanOrEqual(lines.join(";").split(";").length);
        for (const value of cookies.values()) expect(typeof value).toBe("string");
      }),
      { numRuns: 2_000 },
    );
    expectCleanPrototype();
  });

  test("fault 41: the longest Cookie line of the worst kinds is read in linear time", () => {
    for (const part of [";", "a=;", '"', "=", " ", "a=%", "%zz=%zz;", "\t;"]) {
      const line = part.repeat(longestLine / part.length);
      expect(
        duration(() => cookiesOf(line)),
        part,
      ).toBeLessThan(200);
    }
  });
});
