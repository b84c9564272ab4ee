import { expect, it, vi } from "vitest";
import { iterate } from "./iterate.js";
import { rejection } from "./wire.fixture.js";

const over = new Error("over");
const isEnd = (error: unknown): boolean => error === over;

/** Resolves with the values one after another, and rejects with those that are errors. */
function source(...values: readonly unknown[]): () => Promise<unknown> {
  const left = [...values];
  return async () => {
    const value = left.shift();
    if (value instanceof Error) throw value;
    return value;
  };
}

it("gives one value after another until the end", async () => {
  const seen: unknown[] = [];
  for await (const value of iterate(source(1, 2, over), isEnd)) seen.push(value);
  expect(seen).toEqual([1, 2]);
});

it("asks for a value only when one is wanted", async () => {
  const next = vi.fn(source(1, 2));
  const values = iterate(next, isEnd);
  expect(next).not.toHaveBeenCalled();
  await values.next();
  expect(next).toHaveBeenCalledOnce();
});

it("throws at any other error, and is over then; a new one goes on", async () => {
  const bad = new Error("bad");
  const next = source(1, bad, 2, over);
  const values = iterate(next, isEnd);
  expect(await values.next()).toEqual({ done: false, value: 1 });
  expect(await rejection(values.next())).toBe(bad);
  expect(await values.next()).toEqual({ done: true, value: undefined });
  expect(await iterate(next, isEnd).next()).toEqual({ done: false, value: 2 });
});

it("a break takes nothing more", async () => {
  const next = vi.fn(source(1, 2, over));
  for await (const value of iterate(next, isEnd)) {
    expect(value).toBe(1);
    break;
  }
  expect(next).toHaveBeenCalledOnce();
});
