import { expect, test, vi } from "vitest";
import { abortable } from "./abortable.js";
import { gate } from "./engine.fixture.js";

test("gives what comes of the work, and lets go of the signal", async () => {
  const { signal } = new AbortController();
  const remove = vi.spyOn(signal, "removeEventListener");
  expect(await abortable(Promise.resolve(1), signal)).toBe(1);
  await expect(abortable(Promise.reject(new Error("failed")), signal)).rejects.toThrow("failed");
  expect(remove).toHaveBeenCalledTimes(2);
});

test("rejects with the signal's reason when that is aborted first; what then fails is ignored", async () => {
  const controller = new AbortController();
  const work = gate();
  const waiting = abortable(work.promise, controller.signal);
  controller.abort("late");
  await expect(waiting).rejects.toBe("late");
  work.fail(new Error("ignored"));
  await expect(abortable(Promise.reject(new Error("ignored")), controller.signal)).rejects.toBe("late");
});
