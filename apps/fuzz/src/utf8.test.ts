import { expect, test } from "vitest";
import { Random } from "./random.js";
import { isUtf8 } from "./utf8.js";

test("every character but the surrogates is UTF-8", () => {
  for (let point = 0; point <= 0x10ffff; point += 1) {
    const isSurrogate = point >= 0xd800 && point <= 0xdfff;
    if (!isSurrogate && !isUtf8(Buffer.from(String.fromCodePoint(point)))) {
      expect(`U+${point.toString(16)}`).toBe("UTF-8");
    }
  }
});

test("of sequences of up to three bytes it judges as the platform's decoder does", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const random = new Random(1);
  for (let count = 0; count < 200_000; count += 1) {
    const bytes = random.bytes(random.between(1, 3));
    // Leading bytes, and those that may follow, more often than chance has them.
    if (random.onceIn(2)) bytes[0] = 0xc0 | random.below(64);
    for (let at = 1; at < bytes.length; at += 1) {
      if (random.onceIn(2)) bytes[at] = 0x80 | random.below(64);
    }
    let isValid = true;
    try {
      decoder.decode(bytes);
    } catch {
      isValid = false;
    }
    if (isUtf8(bytes) !== isValid) expect([bytes.toString("hex"), isUtf8(bytes)]).toEqual([isValid]);
  }
  expect(isUtf8(Buffer.alloc(0))).toBe(true);
});

test("no more than U+10FFFF, nothing overlong, nothing cut", () => {
  for (const hex of ["f4908080", "f08fbfbf", "e09fbf", "c1bf", "f09f99", "c3", "80", "f5808080"]) {
    expect([hex, isUtf8(Buffer.from(hex, "hex"))]).toEqual([hex, false]);
  }
});
