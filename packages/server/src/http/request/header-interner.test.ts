import { describe, expect, test } from "vitest";
import { HeaderInterner } from "./header-interner.js";

describe("the pairs of Node's flat list", () => {
  test("keep order, duplicates and values, with names in lower case", () => {
    const raw = ["Host", "a", "COOKIE", "A=1", "cookie", "b=2", "host", "B"];
    const expected = [
      ["host", "a"],
      ["cookie", "A=1"],
      ["cookie", "b=2"],
      ["host", "B"],
    ];
    expect(new HeaderInterner().read(raw)).toEqual(expected);
  });

  test("are the same again where the same comes again", () => {
    const pairs = new HeaderInterner();
    const raw = ["Host", "a", "Cookie", "a=1", "X-Own", "1", "Origin", "http://a"];
    expect(pairs.read(raw)).toEqual(pairs.read([...raw]));
  });

  test("are none of none", () => {
    expect(new HeaderInterner().read([])).toEqual([]);
  });
});

describe("a line that comes with many handshakes", () => {
  test("is one pair for all, and nobody can change it for the others", () => {
    const pairs = new HeaderInterner();
    const [first] = pairs.read(["Upgrade", "websocket"]);
    const [second] = pairs.read(["Upgrade", "websocket"]);
    expect(second).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  test("is one pair however its name is spelt", () => {
    const pairs = new HeaderInterner();
    const [first] = pairs.read(["Upgrade", "websocket"]);
    expect(pairs.read(["UPGRADE", "websocket"])[0]).toBe(first);
  });

  test("is another pair with another value", () => {
    const pairs = new HeaderInterner();
    expect(pairs.read(["Host", "a"])).toEqual([["host", "a"]]);
    expect(pairs.read(["Host", "b"])).toEqual([["host", "b"]]);
  });
});

describe("not kept", () => {
  test.each(["Cookie", "Authorization", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "X-Own"])(
    "is the value of %s, which may be a secret",
    (name) => {
      const pairs = new HeaderInterner();
      const [first] = pairs.read([name, "a"]);
      const [second] = pairs.read([name, "a"]);
      expect(second).toEqual(first);
      expect(second).not.toBe(first);
    },
  );

  test("is a value, nor a name, that is very long", () => {
    const pairs = new HeaderInterner();
    for (const line of [["Host", "a".repeat(513)] as const, ["x".repeat(513), "a"] as const]) {
      const [first] = pairs.read(line);
      expect(first).toEqual(line.map((text, index) => (index === 0 ? text.toLowerCase() : text)));
      expect(pairs.read(line)[0]).not.toBe(first);
    }
  });

  test("is more than 256 values of a name: then it begins anew", () => {
    const pairs = new HeaderInterner();
    const [first] = pairs.read(["Host", "0"]);
    for (let index = 1; index < 256; index += 1) pairs.read(["Host", String(index)]);
    expect(pairs.read(["Host", "0"])[0]).toBe(first);
    pairs.read(["Host", "256"]);
    expect(pairs.read(["Host", "0"])[0]).not.toBe(first);
    expect(pairs.read(["Host", "0"])).toEqual([["host", "0"]]);
  });

  test("are more than 256 spellings of names, and of one name no more values by them", () => {
    const pairs = new HeaderInterner();
    for (let index = 0; index < 1_000; index += 1) {
      pairs.read([`x-${index}`, "a"]);
      expect(pairs.size).toBeLessThanOrEqual(256);
    }
    const spellings = ["host", "Host", "hOst", "HOst", "hoSt", "HoSt"];
    for (const spelling of spellings) {
      for (let index = 0; index < 256; index += 1) pairs.read([spelling, `${spelling}${index}`]);
      expect(pairs.size).toBeLessThanOrEqual(512);
    }
  });
});
