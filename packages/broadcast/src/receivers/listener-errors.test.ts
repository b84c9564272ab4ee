import { expect, test, vi } from "vitest";
import { tell, throwLater } from "./listener-errors.js";

test("what a listener throws disturbs nobody, and is an uncaught exception", () => {
  const later = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => {});
  tell(() => {
    throw new Error("mine");
  }, 1);
  expect(later).toHaveBeenCalledOnce();
  expect(later.mock.calls[0]?.[0]).toThrow("mine");
});

test("an error is thrown where nobody can catch it", () => {
  const later = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => {});
  throwLater(new Error("mine"));
  expect(later.mock.calls[0]?.[0]).toThrow("mine");
});

test("nobody need listen", () => {
  expect(tell(undefined, 1)).toBeUndefined();
});
