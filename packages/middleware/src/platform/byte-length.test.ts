import { expect, test } from "vitest";
import { byteCounter, byteLength } from "./byte-length.js";

const withoutNode = byteCounter({});

test.each([
  ["nothing", ""],
  ["ASCII", "hello"],
  ["two, three and four bytes", "é€😀"],
  ["half a surrogate pair", "\ud800a"],
  ["more than is encoded at once, a pair across the seam", `a${"😀".repeat(10_000)}`],
])("a text of %s has as many bytes as its encoding, with Node and without", (_, text) => {
  const bytes = new TextEncoder().encode(text).length;
  expect([withoutNode(text), byteLength(text)]).toEqual([bytes, bytes]);
});
