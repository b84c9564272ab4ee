import type { Random } from "./random.js";

/** The ends of the ranges in which characters take one, two, three and four bytes, and what borders on surrogates. */
const corners = [
  0, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f642, 0x10ffff,
];

/** Bytes that are no UTF-8: overlong, surrogates, above the last character, cut short, never allowed. */
const wrong: readonly (readonly number[])[] = [
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x9f, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
  [0x80],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x99],
];

/** Whole characters, as UTF-8. */
export function validText(random: Random, characters: number): Buffer {
  const points = Array.from({ length: characters }, () => random.pick(corners));
  return Buffer.from(String.fromCodePoint(...points));
}

/** Characters with something among them that is none. */
export function invalidText(random: Random): Buffer {
  const before = validText(random, random.below(20));
  const after = random.onceIn(2) ? Buffer.alloc(0) : validText(random, random.below(20));
  return Buffer.concat([before, Buffer.from(random.pick(wrong)), after]);
}
