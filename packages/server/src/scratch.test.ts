import { expect, test } from "vitest";
import { scratch } from "./scratch.js";

const size = 65_536;

/** Uses so many bytes; gives where they begin. */
function use(bytes: number): number {
  expect(scratch.makeRoom(bytes)).toBe(true);
  const at = scratch.used;
  scratch.take(at + bytes);
  return at;
}

test("memory is used from one end to the other, and again once all is handed over", () => {
  scratch.reset();
  const { buffer } = scratch;
  expect([use(100), use(100)]).toEqual([0, 100]);
  scratch.reset();
  expect(use(100)).toBe(0);
  expect(scratch.buffer).toBe(buffer);
});

test("where there is no room left there is new memory, and the old stays as it is", () => {
  use(size / 2);
  const { buffer } = scratch;
  const at = use(10);
  buffer.fill("a", at, at + 10);
  expect(use(size)).toBe(0);
  expect(scratch.buffer).not.toBe(buffer);
  scratch.buffer.fill("b");
  expect(buffer.toString("latin1", at, at + 10)).toBe("a".repeat(10));
});

test("more than that finds no room at all", () => {
  expect(scratch.makeRoom(size + 1)).toBe(false);
});

test("memory that a socket still refers to is not used again, however often all else is handed over", () => {
  scratch.makeRoom(size);
  scratch.reset();
  const { buffer } = scratch;
  use(100);
  scratch.hold();
  scratch.reset();
  expect(use(100)).toBe(100);
  scratch.reset();
  expect(use(size)).toBe(0);
  expect(scratch.buffer).not.toBe(buffer);
  scratch.reset();
  expect(use(1)).toBe(0);
});
