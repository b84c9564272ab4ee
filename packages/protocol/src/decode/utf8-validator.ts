import { isUtf8 } from "node:buffer";

/**
 * How many continuation bytes follow a first byte of UTF-8, and the bounds of the next one. The bounds exclude overlong
 * forms, surrogates and code points above U+10FFFF. RFC 3629 §4.
 */
function expectation(first: number): { readonly left: number; readonly low: number; readonly high: number } {
  if (first < 0x80) return { left: 0, low: 0x80, high: 0xbf };
  if (first >= 0xc2 && first <= 0xdf) return { left: 1, low: 0x80, high: 0xbf };
  if (first === 0xe0) return { left: 2, low: 0xa0, high: 0xbf };
  if (first === 0xed) return { left: 2, low: 0x80, high: 0x9f };
  if (first >= 0xe1 && first <= 0xef) return { left: 2, low: 0x80, high: 0xbf };
  if (first === 0xf0) return { left: 3, low: 0x90, high: 0xbf };
  if (first >= 0xf1 && first <= 0xf3) return { left: 3, low: 0x80, high: 0xbf };
  if (first === 0xf4) return { left: 3, low: 0x80, high: 0x8f };
  return { left: -1, low: 0, high: 0 };
}

/** Where the last character of `bytes` begins, if it is incomplete; otherwise the end. */
function endOfWhole(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back += 1) {
    const byte = bytes[length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    return expectation(byte).left >= back ? length - back : length;
  }
  return length;
}

/**
 * Checks a text that comes in pieces. It finds the first invalid byte as soon as it comes, even inside an incomplete
 * character. RFC 6455 §8.1 allows an endpoint to fail a connection that early.
 */
export class Utf8Validator {
  /** How many bytes the character under way still needs. */
  #left = 0;
  #low = 0;
  #high = 0;

  /** Whether the text may end here. */
  get isWhole(): boolean {
    return this.#left === 0;
  }

  /** Takes the next piece. It returns `false` when no valid text begins like this. */
  push(bytes: Uint8Array): boolean {
    let at = 0;
    while (this.#left > 0 && at < bytes.length) {
      if (!this.#take(bytes[at] as number)) return false;
      at += 1;
    }
    const rest = at === 0 ? bytes : bytes.subarray(at);
    const end = endOfWhole(rest);
    // The platform's own check is many times faster than a loop over bytes.
    if (!isUtf8(end === rest.length ? rest : rest.subarray(0, end))) return false;
    for (let index = end; index < rest.length; index += 1) {
      if (!this.#take(rest[index] as number)) return false;
    }
    return true;
  }

  /** Begins a new text. */
  reset(): void {
    this.#left = 0;
  }

  #take(byte: number): boolean {
    if (this.#left === 0) {
      const { left, low, high } = expectation(byte);
      this.#left = left;
      this.#low = low;
      this.#high = high;
      return left >= 0;
    }
    if (byte < this.#low || byte > this.#high) return false;
    this.#left -= 1;
    this.#low = 0x80;
    this.#high = 0xbf;
    return true;
  }
}
