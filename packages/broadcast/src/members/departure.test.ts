import { ConnectionClosed } from "@ws/events";
import { expect, test } from "vitest";
import { endedOnPurpose } from "./departure.js";

test.each([
  ["client", 1000, true],
  ["client", 4000, true],
  // A page that is reloaded, or one that took the connection for dead.
  ["client", 1001, false],
  ["client", 1005, false],
  ["network", 1006, false],
  ["server", 1012, false],
  ["server", 1013, false],
  ["application", 1008, true],
  ["application", 4403, true],
  ["application", 1000, false],
  ["application", 3000, false],
  ["application", 1012, false],
] as const)("an end by the %s with %d is on purpose: %s", (initiator, code, onPurpose) => {
  const end = new ConnectionClosed({ code, initiator, reason: "", wasClean: initiator !== "network" });
  expect(endedOnPurpose(end)).toBe(onPurpose);
});

test("what says nothing of an end is none on purpose", () => {
  expect(endedOnPurpose(new Error("aborted"))).toBe(false);
});
