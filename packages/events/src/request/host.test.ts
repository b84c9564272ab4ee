import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHost } from "./host.js";

describe("a host", () => {
  test.each([
    ["example.com", "example.com", undefined],
    ["example.com:8000", "example.com", 8000],
    ["EXAMPLE.com:80", "example.com", 80],
    ["example.com.", "example.com.", undefined],
    ["a_b-c~d.example", "a_b-c~d.example", undefined],
    ["xn--bcher-kva.example", "xn--bcher-kva.example", undefined],
    ["example.com:", "example.com", undefined],
    ["[::1]:", "[::1]", undefined],
    ["example.com:000080", "example.com", 80],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["127.0.0.1:65535", "127.0.0.1", 65_535],
    ["[::1]", "[::1]", undefined],
    ["[::1]:443", "[::1]", 443],
    ["[::FFFF:127.0.0.1]:443", "[::ffff:127.0.0.1]", 443],
  ])("%s is read as %s, port %s", (value, host, port) => {
    expect(parseHost(value)).toEqual({ host, port });
  });

  test.each([
    "",
    " ",
    " example.com",
    "example.com ",
    "example.com\n",
    "example.com,evil.com",
    "example.com/path",
    "example.com?x",
    "example.com#x",
    "example.com\\evil.com",
    "user@example.com",
    "user:pass@example.com",
    "http://example.com",
    "exam%70le.com",
    "bücher.example",
    "\u212Aelvin.example",
    "a:b:80",
    "::1",
    "[::1",
    "[]",
    "[::1]x",
    "[fe80::1%25eth0]",
    ":80",
    ":",
    "example.com::",
    "example.com::80",
    "256.1.1.1",
    "1.2.3.4.5",
    "[::1::2]",
    "[:]:80",
  ])("%j is none", (value) => {
    expect(parseHost(value)).toBeUndefined();
  });

  test.each(["65536", "99999", "100000", "-1", "+1", "1.0", "0x50", "8e1", " 80", "80 ", "http"])(
    "has no port %j",
    (port) => {
      expect(parseHost(`example.com:${port}`)).toBeUndefined();
    },
  );

  test.each([
    ["http", 80],
    ["ws", 80],
    ["https", 443],
    ["wss", 443],
    ["capacitor", undefined],
    ["constructor", undefined],
  ])("without a port has that of %s where that is asked for, %s", (scheme, port) => {
    expect(parseHost("example.com", scheme)).toEqual({ host: "example.com", port });
    expect(parseHost("example.com:0", scheme)).toEqual({ host: "example.com", port: 0 });
    expect(parseHost("example.com/", scheme)).toBeUndefined();
    expect(parseHost("example.com")).toEqual({ host: "example.com", port: undefined });
  });

  test("fault 180: with an empty port has none, or that of its scheme", () => {
    expect(parseHost("example.com:")).toEqual({ host: "example.com", port: undefined });
    expect(parseHost("example.com:", "wss")).toEqual({ host: "example.com", port: 443 });
  });

  test("of bad punycode is none where no URL can be made of it, which is the platform's to say", () => {
    expect(parseHost("xn--a") !== undefined).toBe(URL.canParse("http://xn--a"));
  });

  test("is read in the same way from what was read, and nothing makes the reader throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webAuthority(), fc.ipV6()), (value) => {
        const parsed = parseHost(value);
        if (parsed === undefined) return;
        const again = parsed.port === undefined ? parsed.host : `${parsed.host}:${parsed.port}`;
        expect(parseHost(again)).toEqual(parsed);
      }),
      { numRuns: 3000 },
    );
  });

  test("takes linear time, however long it is", () => {
    const long = `${"a.".repeat(500_000)}:x`;
    expect(parseHost(long)).toBeUndefined();
  });
});
