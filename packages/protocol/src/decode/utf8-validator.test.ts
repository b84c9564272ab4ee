import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Utf8Validator } from "./utf8-validator.js";

/** Whether some text begins with these bytes, by trying every end that a cut character may have. */
function isBeginning(bytes: Buffer): boolean {
  const continuations = [0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf];
  const ends: number[][] = [[], ...continuations.map((byte) => [byte])];
  for (const a of continuations) for (const b of continuations) ends.push([a, b]);
  for (const a of continuations) for (const b of continuations) ends.push([a, b, 0x80]);
  return ends.some((end) => isUtf8(Buffer.concat([bytes, Buffer.from(end)])));
}

/** How many bytes are taken before the validator says no; all of them where it never does. */
function taken(pieces: readonly Buffer[]): { readonly count: number; readonly isWhole: boolean } {
  const validator = new Utf8Validator();
  let count = 0;
  for (const piece of pieces) {
    if (!validator.push(piece)) return { count, isWhole: false };
    count += piece.length;
  }
  return { count, isWhole: validator.isWhole };
}

const singly = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

describe("a text that comes in pieces", () => {
  test("is whole where no character is cut", () => {
    for (const text of ["", "plain", "é", "€uro", "𝄞", "\uFEFFa", "a\u0000b"]) {
      expect(taken(singly(Buffer.from(text)))).toEqual({ count: Buffer.byteLength(text), isWhole: true });
    }
  });

  test.each(["c3", "e2", "e282", "f0", "f09d", "f09d84", "61f09d84"])(
    "may end with %s, but is not whole",
    (hex) => {
      const bytes = Buffer.from(hex, "hex");
      expect(taken([bytes])).toEqual({ count: bytes.length, isWhole: false });
      expect(taken(singly(bytes))).toEqual({ count: bytes.length, isWhole: false });
    },
  );

  test.each([
    ["80", 0],
    ["c0", 0],
    ["c1", 0],
    ["f5", 0],
    ["ff", 0],
    ["e080", 1],
    ["eda0", 1],
    ["f080", 1],
    ["f490", 1],
    ["c341", 1],
    ["e28241", 2],
    ["f09d8441", 3],
    ["61ff62", 1],
  ] as const)("is refused at the first bad byte of %s", (hex, good) => {
    const bytes = Buffer.from(hex, "hex");
    expect(taken(singly(bytes)).count).toBe(good);
    expect(taken([bytes]).count).toBe(0);
  });

  test("is judged byte for byte as the platform judges the whole", () => {
    const byte = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xe0, 0xed, 0xf0, 0xf4, 0xc2, 0xdf),
      },
      fc.nat(255),
    );
    const bytes = fc.array(byte, { maxLength: 9 }).map((list) => Buffer.from(list));
    fc.assert(
      fc.property(bytes, (stream) => {
        const { count, isWhole } = taken(singly(stream));
        expect(isBeginning(stream.subarray(0, count))).toBe(true);
        if (count < stream.length) expect(isBeginning(stream.subarray(0, count + 1))).toBe(false);
        else expect(isWhole).toBe(isUtf8(stream));
      }),
      { numRuns: 2_000 },
    );
  });

  test("gives the same verdict however it is cut", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }).map((value) => Buffer.from(value)),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 4 }), (source, cuts) => {
        const bytes = Buffer.from(source);
        const ends = [...cuts, bytes.length].map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
        const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        const { count, isWhole } = taken(pieces);
        expect(count === bytes.length && isWhole).toBe(isUtf8(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  test("may be followed by another once it is reset", () => {
    const validator = new Utf8Validator();
    expect(validator.push(Buffer.from([0xe2]))).toBe(true);
    validator.reset();
    expect(validator.push(Buffer.from("a"))).toBe(true);
    expect(validator.isWhole).toBe(true);
  });
});
