import { builtIn, type Converter } from "@ws/contract/path";
import { describe, expect, test } from "vitest";
import { paramParserOf } from "./param-parser.js";

const id = "0123abcd-0123-4567-89ab-0123456789ab";
const same = (text: string): string => text;
const read = (converter: Converter, text: string) =>
  paramParserOf(converter)(`/${text}/5a`, 1, 1 + text.length);

describe("reading a parameter where it stands in a path", () => {
  test("gives what the built-in converters make of it", () => {
    expect(read(builtIn.str, "a.b é")).toBe("a.b é");
    expect(read(builtIn.int, "007")).toBe(7);
    expect(read(builtIn.slug, "aZ09-_")).toBe("aZ09-_");
    expect(read(builtIn.uuid, id)).toBe(id);
    expect(read(builtIn.path, "a//b")).toBe("a//b");
  });

  test("gives nothing for what they do not take", () => {
    for (const converter of Object.values(builtIn)) expect(read(converter, "")).toBeUndefined();
    for (const text of ["1a", "a1", ":", "1٣", "9007199254740992"])
      expect(read(builtIn.int, text)).toBeUndefined();
    for (const text of ["a.", ".a", "é", "aé", "😀"]) expect(read(builtIn.slug, text)).toBeUndefined();
    expect(read(builtIn.uuid, id.toUpperCase())).toBeUndefined();
  });

  test("parses nothing with a character that one's own converter may not hold", () => {
    const asked: string[] = [];
    const parse = (text: string): string => {
      asked.push(text);
      return text;
    };
    const own: Converter = { parse, format: same, characters: "añ😀" };
    for (const text of ["a", "ña", "a😀a"]) expect(read(own, text)).toBe(text);
    for (const text of ["", "b", "ab", "é", "añb", "😁"]) expect(read(own, text)).toBeUndefined();
    expect(asked).toEqual(["a", "ña", "a😀a"]);
    expect(read({ parse, format: same }, "any é")).toBe("any é");
  });
});
