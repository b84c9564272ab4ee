import { expect, test } from "vitest";
import { closeCodeOfStatus, closeVerdict, retryAfter } from "./close-verdict.js";

test.each([
  [1000, "ended", "retry", 1_000, 0],
  [1001, "network", "retry", 0, 0],
  [1005, "network", "retry", 0, 0],
  [1006, "network", "retry", 0, 0],
  [1014, "network", "retry", 0, 0],
  [1015, "network", "retry", 0, 0],
  [1012, "restart", "retry", 0, 0],
  [1011, "server-fault", "retry", 1_000, 0],
  [1013, "busy", "retry", 0, 5_000],
  [1009, "too-big", "retry", 0, 0],
  [1002, "repeats", "stop", 0, 0],
  [1003, "repeats", "stop", 0, 0],
  [1007, "repeats", "stop", 0, 0],
  [1010, "repeats", "stop", 0, 0],
  [1008, "policy", "retry", 5_000, 5_000],
  [3000, "unauthorized", "token", 0, 0],
  [4401, "unauthorized", "token", 0, 0],
  [3003, "refused", "stop", 0, 0],
  [4400, "refused", "stop", 0, 0],
  [4403, "refused", "stop", 0, 0],
  [4404, "refused", "stop", 0, 0],
  [4410, "refused", "stop", 0, 0],
  [3008, "later", "retry", 0, 0],
  [4408, "later", "retry", 0, 0],
  [4425, "later", "retry", 0, 0],
  [4429, "later", "retry", 0, 0],
  [4503, "later", "retry", 0, 0],
  [1016, "network", "retry", 0, 0],
  [3001, "application", "stop", 0, 0],
  [4000, "application", "stop", 0, 0],
  [4600, "application", "stop", 0, 0],
])("close code %d is %s: %s, at least %d ms, %d ms more", (code, kind, next, least, extra) => {
  expect(closeVerdict(code)).toEqual({ kind, next, least, extra });
});

test.each([
  [401, 3000],
  [403, 3003],
  [408, 3008],
  [404, 4404],
  [429, 4429],
  [503, 4503],
])("status %d is told as %d", (status, code) => {
  expect(closeCodeOfStatus(status)).toBe(code);
});

test.each([
  ["retry-after=30", 30_000],
  ["too many; retry-after=1", 1_000],
  ["retry-after=0 please", 0],
  ["retry-after=", undefined],
  ["retry-after=1e9", undefined],
  ["retry-after=9999999", undefined],
  ["no-retry-after=3", undefined],
  ["", undefined],
])("the reason %j says to wait %s ms", (reason, wait) => {
  expect(retryAfter(reason)).toBe(wait);
});
