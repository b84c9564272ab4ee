import { expect, test } from "vitest";
import { within } from "./within.js";

test("gives what came in time", async () => {
  expect(await within(Promise.resolve(1), "a number", 1_000)).toBe(1);
});

test("passes on what was thrown", async () => {
  await expect(within(Promise.reject(new Error("theirs")), "a number", 1_000)).rejects.toThrow("theirs");
});

test("names what it waited for, how long, and how things stood", async () => {
  const never = new Promise(() => {});
  const waiting = within(never, "a text", 10, () => "2 messages wait");
  await expect(waiting).rejects.toThrow("expected a text within 10 ms, got nothing; 2 messages wait");
  await expect(within(never, "a text", 10)).rejects.toMatchObject({
    name: "WaitTimeout",
    message: /got nothing$/,
  });
});
