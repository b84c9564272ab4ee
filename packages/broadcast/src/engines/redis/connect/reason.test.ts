import { expect, test } from "vitest";
import { reasonOf } from "./reason.js";

test("a reason is what the error says", () => {
  expect(reasonOf(new Error("connect ECONNREFUSED 127.0.0.1:1"), [])).toBe(
    "connect ECONNREFUSED 127.0.0.1:1",
  );
  expect(reasonOf("no error at all", [])).toBe("no error at all");
});

test("of several addresses, what each of them said", () => {
  const error = new AggregateError([new Error("refused ::1"), new Error("refused 127.0.0.1")]);
  expect(reasonOf(error, [])).toBe("refused ::1; refused 127.0.0.1");
});

test("a password is taken out wherever it stands", () => {
  expect(reasonOf(new Error("args: `s%40` `s@` s@"), ["s%40", "s@"])).toBe("args: `***` `***` ***");
});

test("a reason is one line of at most 200 characters", () => {
  expect(reasonOf(new Error("a\nb"), [])).not.toMatch(/\n/);
  expect(reasonOf(new Error("x".repeat(1_000)), [])).toBe("x".repeat(200));
});
