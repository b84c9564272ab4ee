import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeChecked, decodeText } from "./text.js";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What the platform's strict decoder makes of bytes; `undefined` where it refuses them. */
function platform(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

const samples = ["", "a", "ä", "€", "𝄞", "\uFEFF", "\uFEFFa\uFEFF", "\u0000", "\uFFFD", "\u{10FFFF}"];

test("text of any length is what the platform's strict decoder makes of it, its byte order mark kept", () => {
  for (const sample of samples) {
    for (const times of [1, 47, 64, 65, 192, 5_000]) {
      const text = sample.repeat(times);
      expect(decodeText(Buffer.from(text))).toBe(text);
      expect(decodeChecked(Buffer.from(text))).toBe(text);
    }
  }
});

test("bytes that are no UTF-8 are no text", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 120 }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (source) => {
      expect(decodeText(Buffer.from(source))).toBe(platform(source));
    }),
  );
});
