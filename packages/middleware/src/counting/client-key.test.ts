import { expect, test } from "vitest";
import { clientKey } from "./client-key.js";

test("an IPv4 address is one client", () => {
  expect(clientKey("192.0.2.1")).toBe("192.0.2.1");
});

test.each(["::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1%eth0"])(
  "%s is that IPv4 address",
  (host) => {
    expect(clientKey(host)).toBe("192.0.2.1");
  },
);

test.each([
  "2001:db8:0:1::1",
  "2001:DB8:0:1:ffff::",
  "2001:0db8:0000:0001:1:2:3:4",
  "2001:db8:0:1::192.0.2.1",
])("%s is its network of 64 bits", (host) => {
  expect(clientKey(host)).toBe("2001:db8:0:1::/64");
});

test.each([
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["2001:db8:0:2::1", "2001:db8:0:2::/64"],
  ["::fffe:192.0.2.1", "0:0:0:0::/64"],
])("%s is %s", (host, key) => {
  expect(clientKey(host)).toBe(key);
});

test.each(["", "unknown", "example.com", "1:2", "%"])(
  "%j, which is no address, is a key as it stands",
  (host) => {
    expect(clientKey(host)).toBe(host);
  },
);
