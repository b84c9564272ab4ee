import { expect } from "vitest";

type Fields = Readonly<Record<string, unknown>>;
/** What is said of each of the values. */
export type Case = readonly [problem: string, ...values: readonly unknown[]];

/** Expects these problems where each of the values stands as `key` in an otherwise good event. */
export function refuses(
  problemOf: (event: unknown) => string | undefined,
  good: Fields,
  key: string,
  cases: readonly Case[],
): void {
  expect(problemOf(good)).toBeUndefined();
  for (const [problem, ...values] of cases) {
    for (const value of values) {
      expect(problemOf({ ...good, [key]: value })).toBe(`${String(good["type"])}: ${problem}`);
    }
  }
}
