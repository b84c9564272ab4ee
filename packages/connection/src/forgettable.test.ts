import { ConnectionClosed } from "@ws/events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { attempt, forgettable } from "./forgettable.js";
import { rejection } from "./wire.fixture.js";

const closed = new ConnectionClosed({ code: 1001, reason: "", wasClean: true, initiator: "client" });
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let unhandled: unknown[] = [];
let before: NodeJS.UnhandledRejectionListener[] = [];
const note = (error: unknown): void => void unhandled.push(error);

// The runner's own listeners would fail the run for what is provoked here.
beforeEach(() => {
  unhandled = [];
  before = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
});

afterEach(() => {
  process.off("unhandledRejection", note);
  for (const listener of before) process.on("unhandledRejection", listener);
});

it("gives the same outcome", async () => {
  await expect(forgettable(Promise.resolve())).resolves.toBeUndefined();
  expect(await rejection(forgettable(Promise.reject(closed)))).toBe(closed);
});

it("the end of a connection that nobody awaits is no unhandled rejection", async () => {
  void forgettable(Promise.reject(closed));
  await nextTurn();
  expect(unhandled).toEqual([]);
});

it("a mistake of the application's that nobody awaits is one", async () => {
  const mistake = new TypeError("expected a JSON value");
  void forgettable(Promise.reject(mistake));
  await nextTurn();
  expect(unhandled).toEqual([mistake]);
});

it("an attempt is the promise itself, or a rejection with what was thrown", async () => {
  const promise = Promise.resolve();
  expect(attempt(() => promise)).toBe(promise);
  const mistake = new TypeError("no");
  const thrown = attempt(() => {
    throw mistake;
  });
  expect(await rejection(thrown)).toBe(mistake);
});
