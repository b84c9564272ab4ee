import { expect, test } from "vitest";
import { writeBuffer } from "./write-buffer.js";

const size = 65_536;

/** Uses so many bytes; gives where they begin. */
function use(bytes: number): number {
  writeBuffer.makeRoom(bytes);
  expect(writeBuffer.hasRoom(bytes)).toBe(true);
  const at = writeBuffer.used;
  writeBuffer.take(at + bytes);
  return at;
}

test("memory is used from one end to the other, and again once all is handed over", () => {
  // Whatever the process wrote before: where there is no room left, there is new memory.
  writeBuffer.take(size);
  use(size);
  writeBuffer.reset();
  const { buffer } = writeBuffer;
  expect([use(100), use(100)]).toEqual([0, 100]);
  writeBuffer.reset();
  expect(use(100)).toBe(0);
  expect(writeBuffer.buffer).toBe(buffer);
});

test("where there is no room left there is new memory, and the old stays as it is", () => {
  use(size / 2);
  const { buffer } = writeBuffer;
  const at = use(10);
  buffer.fill("a", at, at + 10);
  expect(use(size)).toBe(0);
  expect(writeBuffer.buffer).not.toBe(buffer);
  writeBuffer.buffer.fill("b");
  expect(buffer.toString("latin1", at, at + 10)).toBe("a".repeat(10));
});

test("memory that a socket still refers to is not used again, however often all else is handed over", () => {
  writeBuffer.makeRoom(size);
  writeBuffer.reset();
  const { buffer } = writeBuffer;
  use(100);
  writeBuffer.hold();
  writeBuffer.reset();
  expect(use(100)).toBe(100);
  writeBuffer.reset();
  expect(use(size)).toBe(0);
  expect(writeBuffer.buffer).not.toBe(buffer);
  writeBuffer.reset();
  expect(use(1)).toBe(0);
});
