import { expect, test } from "vitest";
import { randomNumbers } from "../random.fixture.js";
import { closeReason } from "./close-reason.js";

const bytes = (text: string): number => new TextEncoder().encode(text).length;

test("a text that fits is the reason as it is", () => {
  expect(closeReason("")).toBe("");
  expect(closeReason("a".repeat(123))).toBe("a".repeat(123));
});

test("a longer one is cut to 123 bytes of UTF-8", () => {
  expect(closeReason("a".repeat(124))).toBe("a".repeat(123));
});

test("the cut falls between two code points", () => {
  expect(closeReason("é".repeat(100))).toBe("é".repeat(61));
  expect(closeReason("😀".repeat(100))).toBe("😀".repeat(30));
  expect(closeReason(`${"a".repeat(120)}😀`)).toBe("a".repeat(120));
});

test("nothing but the end is cut: a mark of the byte order is a character like any other", () => {
  expect(closeReason("\ufeffa")).toBe("\ufeffa");
});

test("a lone surrogate is replaced, since a frame can't hold it", () => {
  expect(closeReason("a\ud800b")).toBe("a\ufffdb");
});

test("whatever the text: well-formed, at most 123 bytes, and one code point more would not fit", () => {
  const random = randomNumbers(1);
  const alphabet = ["a", "é", "€", "😀", "\ud800"];
  for (let run = 0; run < 300; run += 1) {
    const points = Array.from(
      { length: Math.floor(random() * 160) },
      () => alphabet[Math.floor(random() * 5)],
    );
    const text = points.join("").toWellFormed();
    const reason = closeReason(points.join(""));
    expect(text.startsWith(reason)).toBe(true);
    expect(bytes(reason)).toBeLessThanOrEqual(123);
    const [next = ""] = text.slice(reason.length);
    expect(next === "" || bytes(reason + next) > 123).toBe(true);
  }
});
