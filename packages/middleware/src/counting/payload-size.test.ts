import { expect, test } from "vitest";
import { payloadSize } from "./payload-size.js";

test("a text has the size of its UTF-8, bytes have their own", () => {
  expect(payloadSize({ text: "" })).toBe(0);
  expect(payloadSize({ text: "aé😀" })).toBe(7);
  expect(payloadSize({ bytes: new Uint8Array(5) })).toBe(5);
});
