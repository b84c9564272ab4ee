import type { Gap } from "@ws/client";

/** What a subscription gave, in order: numbers, and gaps between them. */
export type Told = readonly (number | Gap)[];

/** The numbers that never came, and where no gap was told either: between the last number before them and the next one behind them. */
export function lostSilently(told: Told, published: readonly number[]): number[] {
  const came = new Set(told.filter((each) => typeof each === "number"));
  return published.filter((n) => {
    if (came.has(n)) return false;
    const next = told.findIndex((each) => typeof each === "number" && each > n);
    const end = next < 0 ? told.length : next;
    const before = told.slice(0, end).findLastIndex((each) => typeof each === "number");
    return end - before < 2;
  });
}
