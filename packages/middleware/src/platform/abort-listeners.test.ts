import { expect, test } from "vitest";
import { onAbort } from "./abort-listeners.js";

test("all who listen are called when the signal aborts, but whoever was removed", () => {
  const controller = new AbortController();
  const calls: string[] = [];
  onAbort(controller.signal, () => calls.push("first"));
  const remove = onAbort(controller.signal, () => calls.push("removed"));
  onAbort(controller.signal, () => calls.push("last"));
  remove();
  controller.abort();
  expect(calls).toEqual(["first", "last"]);
});

test("a listener that is removed leaves the others alone", () => {
  const controller = new AbortController();
  const calls: string[] = [];
  const remove = onAbort(controller.signal, () => calls.push("gone"));
  remove();
  remove();
  onAbort(controller.signal, () => calls.push("later"));
  controller.abort();
  expect(calls).toEqual(["later"]);
});
