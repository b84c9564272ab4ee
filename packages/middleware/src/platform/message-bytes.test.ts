import { expect, test } from "vitest";
import { bytesOfHost, messageBytes } from "./message-bytes.js";

const bytes = new TextEncoder().encode("-\ufeffé").subarray(1);

test("a listener on Node is given a Buffer of the same memory", () => {
  const shown = messageBytes(bytes);
  expect(shown).toBeInstanceOf(Buffer);
  expect([shown.buffer, shown.byteOffset, String(shown)]).toEqual([bytes.buffer, 1, "\ufeffé"]);
});

test("a listener on another host is given bytes of the same memory, whose toString is their text", () => {
  const shown = bytesOfHost({})(bytes);
  expect(shown).not.toBeInstanceOf(Buffer);
  expect([shown.buffer, shown.byteOffset, String(shown)]).toEqual([bytes.buffer, 1, "\ufeffé"]);
  expect([...shown.subarray(3)]).toEqual([0xc3, 0xa9]);
});
