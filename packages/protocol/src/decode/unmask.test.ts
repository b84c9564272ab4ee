import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import wabt from "wabt";
import { makeUnmask, rotateMask, unmask, unmaskByLoop, unmaskModule } from "./unmask.js";

const [before, after] = [Buffer.from("before"), Buffer.from("after")];

/** Unmasks `payload` in the middle of other bytes, which must stay as they are. */
function within(
  unmaskIt: typeof unmask,
  payload: Uint8Array,
  mask: number,
): { bytes: Buffer; isAscii: boolean } {
  const bytes = Buffer.concat([before, payload, after]);
  const end = before.length + payload.length;
  const isAscii = unmaskIt(bytes, before.length, end, mask);
  expect(bytes.subarray(0, before.length)).toEqual(before);
  expect(bytes.subarray(end)).toEqual(after);
  return { bytes: bytes.subarray(before.length, end), isAscii };
}

/** RFC 6455 §5.3, as it stands there. */
function expected(payload: Uint8Array, mask: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt32LE(mask);
  return Buffer.from(payload.map((byte, index) => byte ^ Number(key[index % 4])));
}

const masks = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe.each([
  ["the loop", makeUnmask(undefined)],
  ["the module", unmask],
])("unmasking by %s", (_name, unmaskIt) => {
  test("is the XOR of RFC 6455 §5.3, and tells ASCII from the rest", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), masks, (payload, mask) => {
        const { bytes, isAscii } = within(unmaskIt, payload, mask);
        expect(bytes).toEqual(expected(payload, mask));
        expect(isAscii).toBe(bytes.every((byte) => byte < 128));
      }),
    );
  });

  test.each([0, 1, 3, 4, 5, 222, 223, 224, 225, 239, 240, 241, 65_535, 65_536, 65_537, 131_072, 131_090])(
    "finds the one byte of %i that is not ASCII, wherever it is",
    (length) => {
      const mask = 0x3d21fa37;
      const plain = Buffer.alloc(length, "a");
      const all = within(unmaskIt, expected(plain, mask), mask);
      // Not toEqual: that compares long buffers in seconds.
      expect([all.bytes.equals(plain), all.isAscii]).toEqual([true, true]);
      for (const place of new Set([0, 1, 15, 16, length >> 1, length - 2, length - 1])) {
        if (place < 0 || place >= length) continue;
        const odd = Buffer.from(plain);
        odd[place] = 0x80;
        const one = within(unmaskIt, expected(odd, mask), mask);
        expect([one.bytes.equals(odd), one.isAscii]).toEqual([true, false]);
      }
    },
  );
});

test("what follows behind some bytes of a payload is unmasked with the mask turned on", () => {
  const payload = Buffer.from("a payload that comes in two pieces");
  for (const mask of [0x3d21fa37, -2_023_406_815, 0, -1]) {
    for (let cut = 0; cut <= payload.length; cut += 1) {
      const bytes = expected(payload, mask);
      unmaskByLoop(bytes, 0, cut, mask);
      unmaskByLoop(bytes, cut, bytes.length, rotateMask(mask, cut));
      expect(bytes).toEqual(payload);
    }
  }
});

test("the module is its source, assembled", async () => {
  const source = await readFile(new URL("unmask.wat", import.meta.url), "utf8");
  const { parseWat } = await wabt();
  const { buffer } = parseWat("unmask.wat", source, { simd: true }).toBinary({});
  expect(Buffer.from(buffer).toString("base64")).toBe(unmaskModule);
});
