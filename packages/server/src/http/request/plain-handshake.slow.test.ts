import { expect, test } from "vitest";
import { compareWithNode } from "./plain-handshake.fixture.js";

test("what is read, Node's parser takes for an upgrade as well, and sees the same in it: 200,000 heads", async () => {
  const { taken, left, other } = await compareWithNode(200_000);
  expect(taken + left + other).toBe(200_000);
  expect(Math.min(taken, left, other)).toBeGreaterThan(20_000);
}, 1_800_000);
