import { expect, test, vi } from "vitest";
import { Events } from "./events.js";

test("a listener is told of its own event until it stops", () => {
  const events = new Events();
  const seen: unknown[] = [];
  const stop = events.on("poisoned", (event) => seen.push(event));
  events.emit("poisoned", { topic: "a" });
  events.emit("engine", { state: "up" });
  stop();
  stop();
  events.emit("poisoned", { topic: "b" });
  expect(seen).toEqual([{ topic: "a" }]);
});

test("a function that listens twice is told twice, and stops one at a time", () => {
  const events = new Events();
  const listener = vi.fn();
  const stop = events.on("engine", listener);
  events.on("engine", listener);
  events.emit("engine", { state: "up" });
  stop();
  events.emit("engine", { state: "up" });
  expect(listener).toHaveBeenCalledTimes(3);
});

test("one that throws does not keep the others from being told", () => {
  vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => {});
  const events = new Events();
  const listener = vi.fn();
  events.on("engine", () => {
    throw new Error("mine");
  });
  events.on("engine", listener);
  events.emit("engine", { state: "up" });
  expect(listener).toHaveBeenCalledOnce();
  expect(queueMicrotask).toHaveBeenCalledOnce();
});

test("after clear nobody is told", () => {
  const events = new Events();
  const listener = vi.fn();
  events.on("engine", listener);
  events.clear();
  events.emit("engine", { state: "up" });
  expect(listener).not.toHaveBeenCalled();
});

test("a name that is none, or no function, is refused", () => {
  const events = new Events();
  // @ts-expect-error: a slip of the pen
  expect(() => events.on("gaps", () => {})).toThrow(
    "on: expected one of gap, engine, poisoned, failed and a function",
  );
  // @ts-expect-error: no function
  expect(() => events.on("gap")).toThrow(TypeError);
});
