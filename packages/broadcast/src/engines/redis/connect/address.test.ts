import { expect, test } from "vitest";
import { addressText, mappedAddress, parseAddress } from "./address.js";

test.each([
  ["redis.example:6379", { host: "redis.example", port: 6379 }],
  ["10.0.0.1:1", { host: "10.0.0.1", port: 1 }],
  ["[::1]:65535", { host: "::1", port: 65_535 }],
])("%s is an address, and the same text again", (text, address) => {
  expect(parseAddress("nodes", text)).toEqual(address);
  expect(addressText(address)).toBe(text);
});

test.each([
  "",
  "h",
  "h:",
  "h:0",
  "h:65536",
  "h:x",
  "::1:1",
  "redis://u:secret@h:1",
  "u:secret@h:1",
  7,
  undefined,
])("what is no address is refused, and not quoted: %s", (text) => {
  expect(() => parseAddress("nodes", text)).toThrow(/^nodes: expected "host:port"; .*, got something else$/);
});

test("an address that is named is reached where a map, or a function, says so", () => {
  const [named, real] = [
    { host: "10.0.0.1", port: 1 },
    { host: "127.0.0.1", port: 2 },
  ];
  expect(mappedAddress(named, undefined)).toBe(named);
  expect(mappedAddress(named, { "10.0.0.1:1": real })).toBe(real);
  expect(mappedAddress(named, {})).toBe(named);
  expect(mappedAddress(named, (address) => (address === "10.0.0.1:1" ? real : undefined))).toBe(real);
});
