import { describe, expect, test } from "vitest";
import { builtIn, type Converter, mayHold, read, readInteger, takesEvery, write } from "./converter.js";

const { str, int, slug, uuid, path } = builtIn;
const id = "0123abcd-0123-4567-89ab-0123456789ab";
const hex: Converter<number> = {
  parse: (text) => Number.parseInt(text, 16),
  format: (value) => value.toString(16),
  characters: "0123456789abcdef",
};
const word: Converter<string> = { parse: (text) => text, format: (value) => value };

describe("a converter", () => {
  test("takes no empty text", () => {
    for (const converter of [str, int, slug, uuid, path, word]) expect(read(converter, "")).toBeUndefined();
  });

  test("parses no text with a character that it may not hold", () => {
    expect(read(hex, "ff")).toBe(255);
    expect(read(hex, "fg")).toBeUndefined();
    expect(mayHold(hex, "f.")).toBe(false);
    expect(mayHold(word, "f.")).toBe(true);
  });
});

describe("the built-in converters", () => {
  test("str takes any text", () => {
    expect(read(str, "a.b c%é😀")).toBe("a.b c%é😀");
  });

  test("int takes digits and gives a number", () => {
    expect(read(int, "007")).toBe(7);
    for (const text of ["-1", "+1", "1.5", "1e3", "0x1", " 1", "１", "a"])
      expect(read(int, text)).toBeUndefined();
  });

  test("int takes no number that is not a safe integer", () => {
    expect(read(int, "9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(read(int, "9007199254740992")).toBeUndefined();
    expect(read(int, "9".repeat(8192))).toBeUndefined();
  });

  test("an integer is read of a part of a text, and none of an empty part", () => {
    expect(readInteger("/12/", 1, 3)).toBe(12);
    expect(readInteger("/12/", 0, 3)).toBeUndefined();
    expect(readInteger("12", 1, 1)).toBeUndefined();
  });

  test("slug takes ASCII letters, digits, hyphens and underscores", () => {
    expect(read(slug, "aZ09-_")).toBe("aZ09-_");
    for (const text of ["a.b", "é", "a b"]) expect(read(slug, text)).toBeUndefined();
  });

  test("uuid takes lower-case hexadecimal with its hyphens", () => {
    expect(read(uuid, id)).toBe(id);
    for (const text of [id.toUpperCase(), id.slice(1), `${id}0`, id.replaceAll("-", "")]) {
      expect(read(uuid, text)).toBeUndefined();
    }
  });

  test("path takes slashes too", () => {
    expect(read(path, "a//b/")).toBe("a//b/");
  });
});

describe("writing a value", () => {
  test("gives a text that would be read again", () => {
    expect(write(int, 7)).toBe("7");
    expect(write(hex, 255)).toBe("ff");
    expect(write(path, "a/b")).toBe("a/b");
  });

  test("gives nothing for a value that would not", () => {
    for (const value of [-1, 1.5, Number.NaN, 2 ** 53, 1e21]) expect(write(int, value)).toBeUndefined();
    for (const value of ["", "a.b"]) expect(write(slug, value)).toBeUndefined();
    expect(write(uuid, "no")).toBeUndefined();
  });

  test("gives nothing for a slash outside a path", () => {
    expect(write(str, "a/b")).toBeUndefined();
    expect(write(word, "a/b")).toBeUndefined();
  });

  test("gives nothing for what cannot be percent-encoded or is no text", () => {
    expect(write(str, "\ud800")).toBeUndefined();
    expect(write(str, 5)).toBeUndefined();
  });
});

describe("taking every text of another", () => {
  test("is known of a converter and itself", () => {
    for (const converter of [str, int, slug, uuid, path, hex, word]) {
      expect(takesEvery(converter, [converter])).toBe(true);
    }
  });

  test("is known of str, slug and path by the characters", () => {
    for (const converter of [int, slug, uuid, hex, word]) expect(takesEvery(str, [converter])).toBe(true);
    for (const converter of [int, uuid, hex]) expect(takesEvery(slug, [converter])).toBe(true);
    for (const converter of [str, word]) expect(takesEvery(slug, [converter])).toBe(false);
    expect(takesEvery(slug, ["a-", int, "_b"])).toBe(true);
    expect(takesEvery(slug, ["a.", int])).toBe(false);
    expect(takesEvery(path, ["a/", str])).toBe(true);
  });

  test("is not said of a converter that refuses some texts over its characters", () => {
    expect(takesEvery(int, ["1", int])).toBe(false);
    expect(takesEvery(hex, [int])).toBe(false);
    expect(takesEvery(word, [int])).toBe(false);
    expect(takesEvery(uuid, [slug])).toBe(false);
  });
});
