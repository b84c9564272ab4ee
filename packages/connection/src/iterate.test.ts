import { expect, it, vi } from "vitest";
import { Iteration } from "./iterate.js";
import { rejection } from "./wire.fixture.js";

const over = new Error("over");
const isEnd = (error: unknown): boolean => error === over;
const asIs = (value: unknown): unknown => value;

/** Resolves with the values one after another, and rejects with those that are errors. */
function source(...values: readonly unknown[]): () => Promise<unknown> {
  const left = [...values];
  return async () => {
    const value = left.shift();
    if (value instanceof Error) throw value;
    return value;
  };
}

async function all(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

it("gives one value after another, each read, until the end", async () => {
  const double = (value: unknown): number => Number(value) * 2;
  expect(await all(new Iteration(source(1, 2, over), double, isEnd))).toEqual([2, 4]);
});

it("waits for a value whose reading takes its time", async () => {
  const later = async (value: unknown): Promise<unknown> => value;
  expect(await all(new Iteration(source(1, 2, over), later, isEnd))).toEqual([1, 2]);
});

it("asks for a value only when one is wanted", async () => {
  const next = vi.fn(source(1, 2));
  const values = new Iteration(next, asIs, isEnd);
  expect(next).not.toHaveBeenCalled();
  await values.next();
  expect(next).toHaveBeenCalledOnce();
});

it("values that are asked for together come in order", async () => {
  const values = new Iteration(source(1, 2, over), asIs, isEnd);
  expect(await Promise.all([values.next(), values.next(), values.next()])).toEqual([
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: true, value: undefined },
  ]);
});

it("throws at any other error, and is over then; a new one goes on", async () => {
  const bad = new Error("bad");
  const next = source(1, bad, 2, over);
  const values = new Iteration(next, asIs, isEnd);
  expect(await values.next()).toEqual({ done: false, value: 1 });
  expect(await rejection(values.next())).toBe(bad);
  expect(await values.next()).toEqual({ done: true, value: undefined });
  expect(await new Iteration(next, asIs, isEnd).next()).toEqual({ done: false, value: 2 });
});

it.each([
  ["at once", () => Promise.reject(over)],
  [
    "while it is called",
    () => {
      throw over;
    },
  ],
])("an end that the reading tells %s is the end too", async (_, read) => {
  expect(await all(new Iteration(source(1, 2), read, isEnd))).toEqual([]);
});

it("a break takes nothing more", async () => {
  const next = vi.fn(source(1, 2, over));
  const values = new Iteration(next, asIs, isEnd);
  for await (const value of values) {
    expect(value).toBe(1);
    break;
  }
  expect(next).toHaveBeenCalledOnce();
  expect(await values.next()).toEqual({ done: true, value: undefined });
  expect(next).toHaveBeenCalledOnce();
});
