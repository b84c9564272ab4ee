import { expect, test } from "vitest";
import { BroadcastError } from "./broadcast-error.js";

test("a broadcast error has a stable code, a name and a cause", () => {
  const cause = new Error("refused");
  const error = new BroadcastError("ERR_WS_ENGINE_DOWN", "down", { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "BroadcastError", code: "ERR_WS_ENGINE_DOWN", message: "down", cause });
});

test("its text is one printable line of at most 512 units, whatever an engine said", () => {
  const { message } = new BroadcastError(
    "ERR_WS_ENGINE_DOWN",
    `a\nb\u001b[31m\u2028\ud800${"x".repeat(9_000)}`,
  );
  expect(message).toMatch(/^a\\u\{a\}b\\u\{1b\}\[31m\\u\{2028\}\ufffdx+$/);
  expect(message).toHaveLength(512);
});
