import { expect, test } from "vitest";
import { newEpoch } from "./epoch.js";

test("an epoch is 8 characters that may stand in a subject, a key and a URL", () => {
  for (let count = 0; count < 100; count += 1) expect(newEpoch()).toMatch(/^[0-9a-hjkmnp-tv-z]{8}$/);
});

test("no two are alike", () => {
  expect(new Set(Array.from({ length: 1_000 }, newEpoch)).size).toBe(1_000);
});
