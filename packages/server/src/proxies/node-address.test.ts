import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNode } from "./node-address.js";

describe("a node", () => {
  test.each<[string, string, number]>([
    ["192.0.2.1", "192.0.2.1", 0],
    ["192.0.2.1:4711", "192.0.2.1", 4711],
    ["192.0.2.1:", "192.0.2.1", 0],
    ["192.0.2.1:_hidden", "192.0.2.1", 0],
    ["2001:db8::1", "2001:db8::1", 0],
    ["[2001:db8::1]", "2001:db8::1", 0],
    ["[2001:db8::1]:4711", "2001:db8::1", 4711],
    ["[::ffff:192.0.2.1]:1", "::ffff:192.0.2.1", 1],
    ['"[2001:db8::1]:4711"', "2001:db8::1", 4711],
    ['"192.0.2.1"', "192.0.2.1", 0],
    ['"192\\.0.2.1:4711"', "192.0.2.1", 4711],
    ["\t 192.0.2.1:80 ", "192.0.2.1", 80],
  ])("%s is read as %s, port %i", (text, host, port) => {
    expect(parseNode(text)).toEqual({ host, port });
  });

  test.each([
    "",
    "unknown",
    "_hidden",
    "example.com",
    "example.com:80",
    "192.0.2",
    "192.0.2.1:x",
    "192.0.2.1:65536",
    "192.0.2.1:80:80",
    "192.0.2.1:-1",
    "[192.0.2.1]:80",
    "[2001:db8::1",
    "2001:db8::1]:80",
    "[2001:db8::1]80",
    "[]",
    "[]:80",
    ":80",
    '"192.0.2.1',
    '192.0.2.1"',
    '""',
    "[::1]:1\r\nx",
  ])("%j is none", (text) => {
    expect(parseNode(text)).toBeUndefined();
  });

  test("is never a throw, and takes linear time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => typeof parseNode(text) === "object" || true),
    );
    expect(parseNode(`[${"::".repeat(500_000)}]:1`)).toBeUndefined();
  });
});
