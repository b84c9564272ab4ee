import { expect, test } from "vitest";
import { dialUrl } from "./locate.js";

test.each([
  ["redis://", "localhost:6379"],
  ["redis://h", "h:6379"],
  ["redis://h:1/3", "h:1"],
  ["redis://[::1]:1", "[::1]:1"],
])("%s is %s", (url, address) => {
  expect(dialUrl(url, { database: 0 }).address).toBe(address);
});
