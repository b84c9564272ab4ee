import { describe, expect, test } from "vitest";
import { type AllowedHosts, hostCheck } from "./host-check.js";

const passes = (allowed: AllowedHosts, host: string, scheme = "ws"): boolean =>
  hostCheck(allowed)([["host", host]], scheme);

describe("a list of hosts", () => {
  test.each(["example.com", "EXAMPLE.com:8000", "example.com:", "a.example.org", "example.org", "[::1]:80"])(
    "allows %s",
    (host) => {
      expect(passes(["example.com", ".example.org", "[::1]"], host)).toBe(true);
    },
  );

  test.each(["a.example.com", "example.com.", "evilexample.org", "example.org.evil.com", "", "[::2]", "a b"])(
    "does not allow %j",
    (host) => {
      expect(passes(["example.com", ".example.org", "[::1]"], host)).toBe(false);
    },
  );

  test("compares a port where it names one, and knows that of the scheme", () => {
    expect(passes(["example.com:443"], "example.com", "https")).toBe(true);
    expect(passes(["example.com:443"], "example.com:", "wss")).toBe(true);
    expect(passes(["example.com:443"], "example.com", "http")).toBe(false);
  });

  test("allows nobody who names no host, or two", () => {
    const host = ["host", "example.com"] as const;
    expect(hostCheck(["example.com"])([], "ws")).toBe(false);
    expect(hostCheck(["example.com"])([host, host], "ws")).toBe(false);
  });
});

test("`*` allows every host", () => {
  expect(passes("*", "evil.com")).toBe(true);
});

test.each<[unknown, string]>([
  [["*.example.com"], 'expected a host, got "*.example.com".'],
  [[/example/], "expected a host, got an object without keys."],
  [[undefined], "expected a host, got undefined."],
  ["example.com", 'expected a list, as ["example.com"], got "example.com".'],
  [undefined, 'expected a list, as ["example.com"], got undefined.'],
])("fault 181: what is no list of hosts is a TypeError that names the forms: %j", (allowed, rest) => {
  const attempt = (): unknown => hostCheck(allowed as readonly string[]);
  expect(attempt).toThrow(TypeError);
  expect(attempt).toThrow(`allowedHosts: ${rest}`);
  expect(attempt).toThrow('An entry is "host", "host:port" or ".domain"');
});
