import { readFile } from "node:fs/promises";
import { builtIn, type Converter } from "@ws/contract/path";
import { describe, expect, test } from "vitest";
import { concatParts, parsePattern } from "./pattern.js";
import { RouteError } from "./route-error.js";

const hex: Converter<number> = {
  parse: (text) => Number.parseInt(text, 16),
  format: (value) => value.toString(16),
  characters: "0123456789abcdef",
};

/** The problem, and what of the pattern stands at the caret and after it. */
function problemOf(pattern: string, own: Record<string, Converter> = {}): [problem: string, node: string] {
  try {
    parsePattern(pattern, own);
  } catch (error) {
    if (error instanceof RouteError) return [error.message.split("\n")[0] ?? "", pattern.slice(error.at)];
    throw error;
  }
  throw new Error(`${pattern} was taken`);
}

describe("a pattern", () => {
  test("is literal text and parameters", () => {
    expect(parsePattern("/", {})).toEqual(["/"]);
    expect(parsePattern("/a/<int:room>-<name>.json/", {})).toEqual([
      "/a/",
      { name: "room", converter: builtIn.int, source: "<int:room>", at: 3 },
      "-",
      { name: "name", converter: builtIn.str, source: "<name>", at: 14 },
      ".json/",
    ]);
  });

  test("knows the converters that it is given, before the built-in", () => {
    expect(parsePattern("/<hex:a>/<int:b>", { hex, int: hex })).toMatchObject([
      "/",
      { converter: hex },
      "/",
      { converter: hex },
    ]);
  });

  test("may name a parameter like anything on Object.prototype", () => {
    expect(parsePattern("/<__proto__>/<constructor>", {})).toHaveLength(4);
  });

  test("begins with a slash", () => {
    expect(problemOf("chat/")).toEqual(['expected a pattern that begins with "/"', "chat/"]);
    expect(problemOf("")).toEqual(['expected a pattern that begins with "/"', ""]);
  });

  test("is Unicode", () => {
    expect(problemOf("/é😀\ud800/")).toEqual(["expected Unicode, got a lone surrogate", "\ud800/"]);
  });

  test("closes every bracket, and opens it", () => {
    expect(problemOf("/a/<int:room/")).toEqual(['expected a ">" that closes this "<"', "<int:room/"]);
    expect(problemOf("/a/int:room>/")).toEqual(['expected a "<" before this ">"', ">/"]);
  });

  test("names its parameters", () => {
    expect(problemOf("/<>/")).toEqual(["expected a parameter name, got none", ">/"]);
    expect(problemOf("/<int:>/")).toEqual(["expected a parameter name, got none", ">/"]);
    for (const name of ["1a", "a b", "a-b", "a:b", "<a", "é"]) {
      const [problem, node] = problemOf(`/<int:${name}>/`);
      expect(problem).toBe("expected a parameter name of letters, digits and _, which no digit begins");
      expect(node).toBe(`${name}>/`);
    }
  });

  test("has no two parameters of one name", () => {
    expect(problemOf("/<a>/<int:a>/")).toEqual(["a second parameter named a; rename one", "<int:a>/"]);
  });

  test("knows its converters, and lists them where it doesn't", () => {
    expect(problemOf("/<hxe:a>/", { hex })).toEqual([
      'unknown converter: expected one of str, int, slug, uuid, path, hex; did you mean "hex"?',
      "hxe:a>/",
    ]);
    for (const key of ["", "__proto__", "constructor", "toString"]) {
      expect(problemOf(`/<${key}:a>/`)[0]).toMatch(/^unknown converter/);
    }
  });

  test.each(["../../README.md", "../../../../docs/guides/routes.md"])(
    "has a row for each built-in converter in %s",
    async (file) => {
      const page = await readFile(new URL(file, import.meta.url), "utf8");
      const rows = [...page.matchAll(/^\| .*`<(\w+):name>`/gm)].map(([, name]) => name);
      expect(rows).toEqual(Object.keys(builtIn));
    },
  );
});

describe("parameters in one segment", () => {
  test("may be divided by a literal that the first cannot hold", () => {
    for (const pattern of [
      "/<slug:a>.<b>",
      "/<int:a>-<int:b>-<c>",
      "/f-<int:a>x<b>.json/<c>",
      "/<hex:a>.<hex:b>",
    ]) {
      expect(parsePattern(pattern, { hex })).not.toHaveLength(0);
    }
  });

  test("may be of any kind where there is only one, or one is last", () => {
    expect(parsePattern("/file-<name>.json/<int:a>.<name2>.x/y", {})).toHaveLength(7);
  });

  test("must have a literal between them", () => {
    expect(problemOf("/<int:a><slug:b>")).toEqual([
      "ambiguous: put a literal between these two parameters",
      "<slug:b>",
    ]);
  });

  test("must not be able to hold the literal that ends them", () => {
    for (const [pattern, node] of [
      ["/x/<a>-<int:b>", "<a>-<int:b>"],
      ["/<slug:a>-<int:b>", "<slug:a>-<int:b>"],
      ["/<int:a>.<slug:b>_x<int:c>", "<slug:b>_x<int:c>"],
      ["/<hex:a>f<hex:b>", "<hex:a>f<hex:b>"],
    ] as const) {
      const [problem, at] = problemOf(pattern, { hex });
      expect(problem).toMatch(
        /^ambiguous: ".+" ends this parameter, but may also be part of it; use a converter/,
      );
      expect(at).toBe(node);
    }
  });

  test("end at half a character only where they cannot hold that half", () => {
    const emoji: Converter = { ...hex, characters: "😁" };
    expect(problemOf("/<emoji:a>😀<int:b>", { emoji })[0]).toMatch(/^ambiguous/);
  });
});

describe("a path parameter", () => {
  test("may be followed by literal text", () => {
    expect(parsePattern("/<int:a>/<path:rest>/edit/", {})).toHaveLength(5);
  });

  test("must be the last parameter", () => {
    for (const pattern of ["/a/<path:rest>/<int:b>", "/a/<path:rest><b>"]) {
      expect(problemOf(pattern)).toEqual([
        "a path parameter takes all that follows: it must be the last",
        pattern.slice(3),
      ]);
    }
  });
});

describe("joining parts", () => {
  test("makes one text of two, and none of an empty one", () => {
    const param = { name: "a", converter: builtIn.str, source: "<a>", at: 0 };
    expect(concatParts(["", "/a", "", "/b", param, "", "/c", "/"])).toEqual(["/a/b", param, "/c/"]);
  });
});
