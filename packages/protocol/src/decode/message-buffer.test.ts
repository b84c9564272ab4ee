import { expect, test } from "vitest";
import { MessageBuffer } from "./message-buffer.js";

const kib = 1024;

test("holds what it was given, in order, in memory of exactly that size", () => {
  const buffer = new MessageBuffer();
  buffer.append(Buffer.from("xabcx"), 1, 4, 0, false);
  buffer.append(Buffer.from("def"), 0, 3, 0, false);
  expect(buffer.length).toBe(6);
  const taken = buffer.take();
  expect(taken.toString()).toBe("abcdef");
  expect(taken.buffer.byteLength).toBe(6);
  expect([buffer.length, buffer.capacity]).toEqual([0, 0]);
  expect(buffer.take()).toHaveLength(0);
});

test("takes the memory of an announced message at once where that is small, and copies it no more", () => {
  const buffer = new MessageBuffer();
  buffer.append(Buffer.alloc(10), 0, 10, 40_000, false);
  expect(buffer.capacity).toBe(40_010);
  buffer.append(Buffer.alloc(40_000), 0, 40_000, 0, false);
  expect(buffer.capacity).toBe(40_010);
  expect(buffer.take()).toHaveLength(40_010);
});

test("takes at most 64 KiB, or 16 times what came, for what is only announced", () => {
  const buffer = new MessageBuffer();
  const announced = 1_000 * kib * kib;
  buffer.append(Buffer.alloc(1), 0, 1, announced, false);
  expect(buffer.capacity).toBe(64 * kib);
  const piece = Buffer.alloc(64 * kib);
  for (let came = 1; came < 4 * kib * kib; ) {
    came += piece.length;
    buffer.append(piece, 0, piece.length, announced - came, false);
    expect(buffer.capacity).toBeLessThanOrEqual(16 * (came + 14));
  }
});

test("grows by doubling under pieces that announce nothing", () => {
  const buffer = new MessageBuffer();
  const sizes = new Set<number>();
  for (let count = 0; count < 200_000; count += 1) {
    buffer.append(Buffer.from("ab"), 0, 1, 0, false);
    sizes.add(buffer.capacity);
  }
  expect(buffer.length).toBe(200_000);
  expect(sizes.size).toBeLessThan(25);
  expect(buffer.capacity).toBeLessThanOrEqual(400_000);
});

test("takes the whole memory of a last frame at once, from a sixteenth of it on, and then copies it no more", () => {
  const mebibyte = kib * kib;
  const buffer = new MessageBuffer();
  // A read of 64 KiB that begins with a header.
  const first = 64 * kib - 14;
  buffer.append(Buffer.alloc(first), 0, first, mebibyte - first, true);
  expect(buffer.capacity).toBe(mebibyte);
  buffer.append(Buffer.alloc(mebibyte), 0, mebibyte - first, 0, true);
  const taken = buffer.take();
  expect([taken.length, taken.buffer.byteLength]).toEqual([mebibyte, mebibyte]);
});

test("takes no more for a last frame than is announced, though it had less at first", () => {
  const buffer = new MessageBuffer();
  buffer.append(Buffer.alloc(10), 0, 10, 100_000, true);
  expect(buffer.capacity).toBe(64 * kib);
  buffer.append(Buffer.alloc(70_000), 0, 70_000, 30_000, true);
  expect(buffer.capacity).toBe(100_010);
});

test("a small message does not keep the room that was taken for a longer one", () => {
  const buffer = new MessageBuffer();
  buffer.append(Buffer.from("abc"), 0, 3, 40_000, false);
  const taken = buffer.take();
  expect(taken.toString()).toBe("abc");
  expect(taken.buffer.byteLength).toBe(3);
});
