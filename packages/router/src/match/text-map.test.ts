import { describe, expect, test } from "vitest";
import { TextMap } from "./text-map.js";

interface Named {
  readonly text: string;
}

function mapOf(...texts: string[]): TextMap<Named> {
  const map = new TextMap<Named>();
  for (const text of texts) map.add({ text });
  return map;
}

const get = (map: TextMap<Named>, text: string) => map.get(`>${text}<`, 1, 1 + text.length)?.text;

describe("a map by text", () => {
  test("is empty at first", () => {
    expect(get(mapOf(), "")).toBeUndefined();
    expect(get(mapOf(), "a")).toBeUndefined();
  });

  test("gives the value of a piece of a text, be they few or many", () => {
    for (const count of [1, 2, 8, 9, 1000]) {
      const texts = ["", ...Array.from({ length: count - 1 }, (_, index) => `t${index}`)];
      const map = mapOf(...texts);
      // Twice each: what was found last is found again, and so is what was not.
      for (const text of texts) expect([get(map, text), get(map, text)]).toEqual([text, text]);
      for (const text of ["x", "t0x", "t1000"]) expect(get(map, text)).toBeUndefined();
    }
  });

  test("tells texts of one length apart, however long", () => {
    const long = "x".repeat(40);
    const map = mapOf(`${long}a`, `${long}bc`);
    expect(get(map, `${long}a`)).toBe(`${long}a`);
    expect(get(map, `${long}bc`)).toBe(`${long}bc`);
    for (const text of [`${long}b`, `${long}cc`, long, `${long}${long}`])
      expect(get(map, text)).toBeUndefined();
  });
});
