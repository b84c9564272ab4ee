import type { HeaderList } from "@ws/events";
import { webSocketScope } from "@ws/testing/driver";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type ReadonlyHeaders, readCookies, readHeaders } from "./request.js";

/** How long this process has worked, in ms: what it costs to read something, on a busy machine too. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const headersOf = (...headers: HeaderList): ReadonlyHeaders => readHeaders(webSocketScope({ headers }));
const cookiesOf = (...lines: readonly string[]): ReadonlyMap<string, string> =>
  readCookies(webSocketScope({ headers: lines.map((line) => ["cookie", line] as const) }));

describe("headers", () => {
  test("are the platform's, found in any case", () => {
    const headers = headersOf(["host", "example.org"], ["x-a", "1"]);
    expect(headers).toBeInstanceOf(Headers);
    expect(headers.get("X-A")).toBe("1");
    expect(headers.get("x-b")).toBeNull();
    expect([...headers]).toEqual([
      ["host", "example.org"],
      ["x-a", "1"],
    ]);
  });

  test("that come twice are joined in their order", () => {
    expect(headersOf(["x-a", "1"], ["x-b", "2"], ["x-a", "3"]).get("x-a")).toBe("1, 3");
  });

  test("that are named like a property of every object are headers, and change no prototype", () => {
    const headers = headersOf(["__proto__", "x"], ["constructor", "y"]);
    expect(headers.get("__proto__")).toBe("x");
    expect(headers.get("constructor")).toBe("y");
    expect(headersOf().get("constructor")).toBeNull();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("keep every latin-1 character", () => {
    expect(headersOf(["x-a", "caf\u00e9"]).get("x-a")).toBe("caf\u00e9");
  });

  test("are only read: what changes them does not compile", () => {
    expectTypeOf<ReadonlyHeaders>().toHaveProperty("get");
    expectTypeOf<ReadonlyHeaders>().not.toHaveProperty("set");
    expectTypeOf<ReadonlyHeaders>().not.toHaveProperty("append");
    expectTypeOf<ReadonlyHeaders>().not.toHaveProperty("delete");
  });
});

describe("cookies", () => {
  test("are none without a Cookie header", () => {
    expect(cookiesOf().size).toBe(0);
    expect(cookiesOf("", ";", " ; = ;").get("a")).toBeUndefined();
  });

  test("are found by name, percent-decoded", () => {
    expect([...cookiesOf("a=1; b=%C3%BC;c = d ; e=f=g; novalue")]).toEqual([
      ["a", "1"],
      ["b", "ü"],
      ["c", "d"],
      ["e", "f=g"],
    ]);
  });

  test("of two lines are all there", () => {
    expect([...cookiesOf("a=1; b=2", "c=3;", "d=4")].map(([name]) => name)).toEqual(["a", "b", "c", "d"]);
  });

  test("that come twice count once: the first, in one line or in two", () => {
    expect([...cookiesOf("a=1; a=2", "a=3")]).toEqual([["a", "1"]]);
    expect([...cookiesOf("a=; a=2")]).toEqual([["a", ""]]);
  });

  test("that are named like a property of every object are cookies, and change no prototype", () => {
    const cookies = cookiesOf("__proto__=x; constructor=y; hasOwnProperty=z");
    expect([...cookies]).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
      ["hasOwnProperty", "z"],
    ]);
    expect(cookiesOf("a=1").has("constructor")).toBe(false);
    expect("x" in {}).toBe(false);
  });

  test("lose the blanks around them, but no character that only looks like one", () => {
    expect([...cookiesOf("\ta =\t1 ; \u00a0b=\u00a02")]).toEqual([
      ["a", "1"],
      ["\u00a0b", "\u00a02"],
    ]);
  });

  test("with a bad percent keep their value as it came", () => {
    expect([...cookiesOf("a=%zz; b=%; c=%ff; d=ok")]).toEqual([
      ["a", "%zz"],
      ["b", "%"],
      ["c", "%ff"],
      ["d", "ok"],
    ]);
  });

  test("keep their quotes, which are part of the value", () => {
    expect(cookiesOf('a="1"; b="').get("a")).toBe('"1"');
    expect(cookiesOf('a="1"; b="').get("b")).toBe('"');
  });

  test("may be 200, and a line of 100,000 separators takes no time to speak of", () => {
    const line = Array.from({ length: 200 }, (_, index) => `name-${index}=${index}`).join("; ");
    expect(cookiesOf(line).size).toBe(200);
    expect(cookiesOf(line).get("name-199")).toBe("199");
    const start = worked();
    expect(cookiesOf(`${";a".repeat(100_000)}; b=1`).get("b")).toBe("1");
    expect(worked() - start).toBeLessThan(500);
  });
});
