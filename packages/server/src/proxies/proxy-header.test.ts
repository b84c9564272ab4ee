import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headerOfVersion2, readable } from "./proxy-header.fixture.js";
import { readProxyHeader } from "./proxy-header.js";

const read = (text: string) => readProxyHeader(Buffer.from(text, "latin1"));

describe("a header of version 1", () => {
  test.each<[string, string, number]>([
    ["PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n", "192.0.2.1", 4711],
    ["PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255", 65_535],
    ["PROXY TCP6 2001:db8::1 2001:db8::2 0 443\r\n", "2001:db8::1", 0],
    ["PROXY TCP6 2001:DB8:0:0:0:0:0:1 ::1 1 2\r\n", "2001:db8::1", 1],
    ["PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "::ffff:192.0.2.1", 1],
  ])("names its client: %j", (text, host, port) => {
    expect(read(`${text}GET /`)).toEqual({ client: { host, port }, length: text.length });
  });

  test.each(["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n"])(
    "that is unknown names nobody: %j",
    (text) => {
      expect(read(text)).toEqual({ client: null, length: text.length });
    },
  );

  test.each([
    "GET / HTTP/1.1\r\n",
    "proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY\r\n",
    "PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n",
    "PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n",
    "PROXY TCP4 192.0.2.1 example.com 1 2\r\n",
    "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
    "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
    "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n\r\n",
    "PROXY UNKNOWNS\r\n",
    "PROXY UNKNOWN \0\r\n",
    `PROXY UNKNOWN ${"x".repeat(92)}\r\n`,
    `PROXY ${"x".repeat(200)}`,
  ])("that is none is malformed: %j", (text) => {
    expect(read(text)).toBe("malformed");
  });

  test("may have 107 bytes", () => {
    expect(read(`PROXY UNKNOWN ${"x".repeat(91)}\r\n`)).toEqual({ client: null, length: 107 });
  });
});

describe("a header of version 2", () => {
  const ipv4 = [192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x67, 0x01, 0xbb];
  const ipv6 = [
    0x20,
    0x01,
    0x0d,
    0xb8,
    ...new Array<number>(11).fill(0),
    1,
    ...new Array<number>(16).fill(9),
    0x12,
    0x67,
    0,
    1,
  ];

  test("names its client, over either IP, and whatever fields follow", () => {
    const fields = [0x04, 0, 3, 1, 2, 3];
    for (const [family, block, host] of [
      [0x11, ipv4, "192.0.2.1"],
      [0x21, ipv6, "2001:db8::1"],
    ] as const) {
      const header = headerOfVersion2(0x21, family, [...block, ...fields]);
      const whole = Buffer.concat([header, Buffer.from("GET /")]);
      expect(readProxyHeader(whole)).toEqual({ client: { host, port: 4711 }, length: header.length });
    }
  });

  test.each<[string, number, number, readonly number[]]>([
    ["LOCAL", 0x20, 0x00, []],
    ["LOCAL with an address", 0x20, 0x11, ipv4],
    ["no family", 0x21, 0x00, []],
    ["no family, with fields", 0x21, 0x00, [0x04, 0, 1, 0]],
    ["UDP", 0x21, 0x12, ipv4],
    ["a unix socket", 0x21, 0x31, new Array<number>(216).fill(0)],
  ])("names nobody: %s", (_, command, family, block) => {
    const header = headerOfVersion2(command, family, block);
    expect(readProxyHeader(header)).toEqual({ client: null, length: header.length });
  });

  test.each<[string, number, number, readonly number[]]>([
    ["version 1", 0x11, 0x11, ipv4],
    ["version 3", 0x31, 0x11, ipv4],
    ["a command that there is not", 0x22, 0x11, ipv4],
    ["a family that there is not", 0x21, 0x41, ipv4],
    ["too short for IPv4", 0x21, 0x11, ipv4.slice(1)],
    ["too short for IPv6", 0x21, 0x21, ipv6.slice(1)],
    ["too long", 0x21, 0x11, new Array<number>(16_369).fill(0)],
  ])("is malformed: %s", (_, command, family, block) => {
    expect(readProxyHeader(headerOfVersion2(command, family, block))).toBe("malformed");
  });
});

describe("the beginning of a header", () => {
  test.each<[string, Buffer]>([
    ["version 1", Buffer.from("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n")],
    ["version 2", headerOfVersion2(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x67, 0x01, 0xbb])],
  ])("of %s is incomplete, however short", (_, header) => {
    for (let length = 0; length < header.length; length += 1) {
      expect(readProxyHeader(header.subarray(0, length))).toBe("incomplete");
    }
    expect(readProxyHeader(header)).toMatchObject({ client: { host: "192.0.2.1", port: 4711 } });
  });

  test("of something else is malformed from its first byte that differs on", () => {
    for (const text of ["G", "PROXx", "\r\n\r\n\0\r\nQUIx", "\r\nG"]) expect(read(text)).toBe("malformed");
  });
});

test("whatever comes, nothing throws, and a header is never longer than what came", () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 60 }).map(readable));
  fc.assert(
    fc.property(bytes, (given) => {
      const result = readProxyHeader(Buffer.from(given));
      if (typeof result === "object") expect(result.length).toBeLessThanOrEqual(given.length);
    }),
    { numRuns: 1_000 },
  );
});
