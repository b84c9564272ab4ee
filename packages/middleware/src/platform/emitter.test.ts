import { once } from "node:events";
import { expect, test } from "vitest";
import { Emitter } from "./emitter.js";

/** An emitter, and the names of the listeners that were called, in turn. */
function recorded(): {
  readonly emitter: Emitter;
  readonly calls: string[];
  listener(name: string): () => void;
} {
  const calls: string[] = [];
  return { emitter: new Emitter(), calls, listener: (name) => () => void calls.push(name) };
}

test("listeners are called in order with what was emitted, and as methods of the emitter", () => {
  const emitter = new Emitter();
  const calls: unknown[] = [];
  emitter.on("x", function (this: unknown, ...given: unknown[]) {
    calls.push(["first", this === emitter, ...given]);
  });
  emitter.addListener("x", (...given: unknown[]) => calls.push(["second", ...given]));
  expect([emitter.emit("x", 1, "b"), emitter.emit("y")]).toEqual([true, false]);
  expect(calls).toEqual([
    ["first", true, 1, "b"],
    ["second", 1, "b"],
  ]);
});

test("a listener of once is called once, can be taken off before, and is no listener while it is called", () => {
  const { emitter, calls, listener } = recorded();
  const taken = listener("taken");
  emitter.once("x", () => calls.push(`once ${emitter.listenerCount("x")}`));
  emitter.once("x", taken).off("x", taken);
  emitter.emit("x");
  emitter.emit("x");
  expect(calls).toEqual(["once 0"]);
});

test("off takes one of the same listeners, and nothing where there is none", () => {
  const { emitter, calls, listener } = recorded();
  const twice = listener("twice");
  emitter.on("x", twice).on("x", listener("other")).on("x", twice);
  emitter.removeListener("x", twice).off("x", listener("never added")).off("y", twice);
  emitter.emit("x");
  expect(calls).toEqual(["twice", "other"]);
});

test("a listener that is taken off while the event is emitted is called by it still, as in Node", () => {
  const { emitter, calls, listener } = recorded();
  const second = listener("second");
  emitter.on("x", () => emitter.off("x", second)).on("x", second);
  emitter.emit("x");
  emitter.emit("x");
  expect(calls).toEqual(["second"]);
});

test("listeners are listed and counted, and are all removed for one event or for every one", () => {
  const { emitter, listener } = recorded();
  const [first, second] = [listener("first"), listener("second")];
  emitter.on("x", first).once("x", second).on("y", first);
  expect([emitter.listeners("x"), emitter.listenerCount("x")]).toEqual([[first, second], 2]);
  emitter.removeAllListeners("x");
  expect([emitter.listenerCount("x"), emitter.listenerCount("y")]).toEqual([0, 1]);
  emitter.removeAllListeners();
  expect(emitter.listenerCount("y")).toBe(0);
});

test("what a listener rejects with is emitted as error", async () => {
  const emitter = new Emitter();
  const rejection = new Error("no");
  const told = new Promise((resolve) => emitter.on("error", resolve));
  emitter.on("x", () => Promise.resolve()).on("x", () => Promise.reject(rejection));
  emitter.emit("x");
  expect(await told).toBe(rejection);
});

test("Node's own once waits for its events", async () => {
  const emitter = new Emitter();
  const waiting = once(emitter as unknown as NodeJS.EventEmitter, "x");
  emitter.emit("x", 7);
  expect(await waiting).toEqual([7]);
});
