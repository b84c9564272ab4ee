import { InvalidMessage } from "@ws/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatJson, type JsonLimits, parseJson } from "./json.js";

function refusal(text: string, limits?: JsonLimits): InvalidMessage {
  try {
    parseJson(text, limits);
  } catch (error) {
    if (error instanceof InvalidMessage) return error;
  }
  throw new Error("expected an InvalidMessage");
}

function mistake(value: unknown): TypeError {
  try {
    formatJson(value);
  } catch (error) {
    if (error instanceof TypeError) return error;
  }
  throw new Error("expected a TypeError");
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const size = (error: Error): number => Buffer.byteLength(`${error.message}${error.cause ?? ""}`);

describe("JSON that a client sent", () => {
  test.each(["null", "0", '""', "[]", '{"a":[1,{"b":"ü"}]}', " [ 1 , 2 ]\n"])("%s is read", (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test.each([
    "",
    "{",
    "[1,]",
    "undefined",
    "NaN",
    "\ufeff{}",
    "'a'",
    "]".repeat(100),
    `${"]".repeat(90)}${nested(90)}`,
  ])("%j is refused as no JSON", (text) => {
    expect(refusal(text)).toMatchObject({ code: "ERR_WS_MESSAGE_JSON", closeCode: 1007 });
    expect(refusal(text).message).toBe(`expected JSON, got ${text.length} characters of no JSON`);
  });

  test("may be 64 levels deep and no deeper, in arrays as in objects", () => {
    expect(parseJson(nested(64))).toEqual(JSON.parse(nested(64)));
    expect(refusal(nested(65)).message).toBe("expected JSON at most 64 levels deep");
    const objects = `${'{"a":'.repeat(65)}0${"}".repeat(65)}`;
    expect(refusal(objects).message).toBe("expected JSON at most 64 levels deep");
    expect(parseJson(objects, { maxDepth: 65 })).toEqual(JSON.parse(objects));
  });

  test.each([100, 2_000, 100_000, 500_000])("a depth of %d is refused before it is parsed", (depth) => {
    expect(refusal(nested(depth)).message).toContain("levels deep");
    expect(refusal("[".repeat(depth)).message).toContain("levels deep");
  });

  test("width is no depth: what closes counts back", () => {
    const wide = `[${"[{}],".repeat(1_000)}[]]`;
    expect(parseJson(wide, { maxDepth: 3 })).toHaveLength(1_001);
    expect(refusal(wide, { maxDepth: 2 }).message).toContain("levels deep");
  });

  test("brackets in strings are no depth, nor does an escaped quote end the string", () => {
    const value = [`${"[{".repeat(200)}`, `\\"${"[".repeat(200)}`, "\\", ["]}"], '"[[['];
    expect(parseJson(JSON.stringify(value), { maxDepth: 2 })).toEqual(value);
  });

  test("brackets after a string that ends in a backslash do count", () => {
    expect(refusal(String.raw`["\\",[[[]]]]`, { maxDepth: 3 }).message).toContain("levels deep");
    expect(refusal(String.raw`["\\\"",[[[]]]]`, { maxDepth: 3 }).message).toContain("levels deep");
  });

  test("may be 1,048,576 characters long and no longer", () => {
    const longest = JSON.stringify("x".repeat(1_048_574));
    expect(parseJson(longest)).toHaveLength(1_048_574);
    expect(refusal(`${longest} `).message).toBe("expected JSON of at most 1048576 characters, got 1048577");
    expect(refusal("[1,2]", { maxLength: 4 }).message).toBe("expected JSON of at most 4 characters, got 5");
  });

  test("may have 10,000 commas and opening brackets outside of strings and no more, so that no schema sees more values", () => {
    const wide = (length: number): string => JSON.stringify(Array.from({ length }, () => "[,"));
    expect(parseJson(wide(10_000))).toHaveLength(10_000);
    expect(refusal(wide(10_001)).message).toBe("expected JSON of at most 10000 values");
    expect(parseJson(wide(10_001), { maxValues: 10_001 })).toHaveLength(10_001);
    expect(refusal('{"a":1,"b":[{}]}', { maxValues: 3 }).message).toBe("expected JSON of at most 3 values");
    expect(parseJson('{"a":1,"b":[{}]}', { maxValues: 4 })).toEqual({ a: 1, b: [{}] });
  });

  test("the depth that is counted is the depth that the value has (property)", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf(inner)))
        : 0;
    const hostile = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", '"', "\\", "a", "\u017b") });
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6, depthSize: "large" },
        hostile,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(hostile, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    const property = fc.property(tree, fc.boolean(), (value, spaced) => {
      const text = JSON.stringify(value, null, spaced ? 1 : 0);
      const depth = depthOf(value);
      expect(parseJson(text, { maxDepth: depth })).toEqual(value);
      if (depth > 0) expect(refusal(text, { maxDepth: depth - 1 }).message).toContain("levels deep");
    });
    fc.assert(property, { numRuns: 300 });
  });

  test("`__proto__` is a key like any other and changes no prototype; of two equal keys the last counts", () => {
    const value = parseJson('{"__proto__":{"admin":true},"a":1,"a":2}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__", "a"]);
    expect(value["a"]).toBe(2);
    expect("admin" in {}).toBe(false);
  });

  test("the error never quotes the text, and is small", () => {
    const secret = "s3cret-t0ken";
    for (const text of [
      secret,
      `{"${secret}": ${secret}}`,
      `${secret}${nested(500)}`,
      secret.repeat(100_000),
    ]) {
      const error = refusal(text);
      expect(error.message + JSON.stringify(error.issues)).not.toContain("s3cret");
      expect(error).not.toHaveProperty("cause");
      expect(size(error)).toBeLessThan(2_048);
    }
  });
});

describe("JSON to send", () => {
  test("is compact", () => {
    expect(formatJson({ a: [1, "ü", null], b: { c: undefined } })).toBe('{"a":[1,"ü",null],"b":{}}');
  });

  test.each([undefined, () => 1, Symbol("s")])("%s alone is none", (value) => {
    expect(mistake(value).message).toBe(
      `sendJson: expected a JSON value, got ${typeof value}. Likely mistake: a missing return.`,
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d is refused, wherever it is",
    (value) => {
      expect(mistake(value).message).toBe(`sendJson: expected finite numbers, got ${value} at ""`);
      expect(mistake({ a: [{ price: value }] }).message).toContain(`got ${value} at "price"`);
    },
  );

  test.each([
    ["a Number object that is NaN", { n: Object(Number.NaN) }, 'finite numbers, got NaN at "n"'],
    ["an invalid date", { a: new Date(Number.NaN) }, 'valid dates, got an invalid Date at "a"'],
    ["undefined in an array", [1, undefined], 'JSON values in an array, got undefined at "1"'],
    ["a function in an array", { a: [() => 1] }, 'JSON values in an array, got function at "0"'],
    ["a symbol in an array", [Symbol("s")], 'JSON values in an array, got symbol at "0"'],
  ])("%s is refused, by the name of the call", (_, value, said) => {
    expect(() => formatJson(value, "publish")).toThrow(new TypeError(`publish: expected ${said}`));
  });

  test("a null, or a text that speaks of one, is no mistake", () => {
    expect(formatJson([null, "null", { null: 1 }])).toBe('[null,"null",{"null":1}]');
  });

  test("a lone surrogate is escaped, so that the text can go on the wire", () => {
    expect(formatJson("a\ud800")).toBe(String.raw`"a\ud800"`);
  });

  test("a bigint is refused", () => {
    expect(mistake({ a: 1n }).message).toBe(
      "sendJson: expected a JSON value: Do not know how to serialize a BigInt",
    );
  });

  test("a cycle is refused, and neither keys nor values are quoted", () => {
    // No longer: V8 14 writes a cycle out thousands of times before it sees that it is one.
    const secret = "s3cret".repeat(50);
    const cycle: Record<string, unknown> = { secret };
    cycle[secret] = { [secret]: cycle };
    const error = mistake(cycle);
    expect(error.message).toBe("sendJson: expected a JSON value: Converting circular structure to JSON");
    expect(error).not.toHaveProperty("cause");
  });

  test("what is nested too deep for the stack is a mistake like any other", () => {
    // V8 14 needs no stack to write it, but does to look for the number that may have become null.
    let deep: unknown = null;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(mistake(deep).message).toMatch(/^sendJson: expected a JSON value: .*stack/);
  });

  test("an error of the value's own is thrown as it is, unless it is the engine's kind, which is cut", () => {
    const own = new Error("the database is gone");
    const throwing = (error: Error): unknown => ({
      toJSON() {
        throw error;
      },
    });
    expect(() => formatJson(throwing(own))).toThrow(own);
    expect(size(mistake(throwing(new TypeError("x".repeat(100_000)))))).toBeLessThan(2_048);
  });

  test("a long key is cut", () => {
    expect(size(mistake({ ["k".repeat(100_000)]: Number.NaN }))).toBeLessThan(2_048);
  });

  test("what is written is read again (property)", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(parseJson(formatJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
