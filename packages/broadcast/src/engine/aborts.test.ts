import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { offAbort, onAbort } from "./aborts.js";

test("all who wait for a signal are told at once, and it has one listener", () => {
  const abort = new AbortController();
  const told: number[] = [];
  for (const index of [1, 2, 3]) onAbort(abort.signal, { aborted: () => void told.push(index) });
  expect(getEventListeners(abort.signal, "abort")).toHaveLength(1);
  abort.abort();
  expect(told).toEqual([1, 2, 3]);
});

test("who no longer waits is not told, and a signal that nobody waits for is let go", () => {
  const { signal } = new AbortController();
  const [one, other] = [{ aborted: () => expect.unreachable() }, { aborted: () => expect.unreachable() }];
  onAbort(signal, one);
  onAbort(signal, other);
  offAbort(signal, one);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  offAbort(signal, one);
  offAbort(signal, other);
  offAbort(signal, other);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("who stops waiting while it is told doesn't keep the others from it", () => {
  const abort = new AbortController();
  const told: string[] = [];
  const other = { aborted: () => void told.push("other") };
  const one = {
    aborted: (): void => {
      told.push("one");
      offAbort(abort.signal, one);
    },
  };
  onAbort(abort.signal, one);
  onAbort(abort.signal, other);
  abort.abort();
  expect(told).toEqual(["one", "other"]);
});
