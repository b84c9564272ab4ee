import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { within } from "./within.js";

const never = new Promise<never>(() => {});

test("the outcome of the promise comes through", async () => {
  const { signal } = new AbortController();
  expect(await within(Promise.resolve(1), signal)).toBe(1);
  await expect(within(Promise.reject(new Error("its own")), signal)).rejects.toThrow("its own");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("any signal that is aborted is the outcome, at once", async () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const outcome = within(never, one.signal, two.signal);
  two.abort("reason");
  await expect(outcome).rejects.toBe("reason");
  expect(getEventListeners(one.signal, "abort")).toEqual([]);
});

test("a signal that was aborted before wins over a promise that is settled", async () => {
  await expect(within(Promise.resolve(1), AbortSignal.abort("before"))).rejects.toBe("before");
});

test("a promise that rejects afterwards is no unhandled rejection", async () => {
  let fail = (): void => {};
  const promise = new Promise<never>((_, reject) => {
    fail = () => reject(new Error("late"));
  });
  await expect(within(promise, AbortSignal.abort("before"))).rejects.toBe("before");
  fail();
  await expect(promise).rejects.toThrow("late");
});
