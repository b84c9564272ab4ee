import { expect, test } from "vitest";
import { slotOf } from "./slot.js";

// As `CLUSTER KEYSLOT` answers.
test.each([
  ["", 0],
  ["123456789", 12_739],
  ["foo", 12_182],
  ["foo{bar}", 5_061],
  ["ws:{bar}:head", 5_061],
  ["{}foo", 9_500],
  ["foo{", 7_673],
  ["é", 10_180],
])("%s lies in slot %i", (key, slot) => expect(slotOf(key)).toBe(slot));
