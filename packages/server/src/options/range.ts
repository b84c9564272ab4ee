import { type OptionRow, valueAt } from "./option-row.js";

/** @throws {TypeError} for a value that is no number in the range. */
export function checkRange(name: string, value: unknown, [low, high]: readonly [number, number]): void {
  if (typeof value === "number" && value >= low && value <= high) return;
  throw new TypeError(
    `options.${name}: expected a number from ${low} to ${high}, got ${String(value).slice(0, 64)}.` +
      " Sizes are in bytes, times in milliseconds.",
  );
}

/** @throws {TypeError} for the first number of the options that its row doesn't allow. */
export function checkRanges(rows: Readonly<Record<string, OptionRow>>, options: object): void {
  for (const [name, row] of Object.entries(rows)) {
    const value = valueAt(options, name);
    const isLeftOut = value === undefined && row.default === undefined;
    if (row.range !== undefined && !isLeftOut) checkRange(name, value, row.range);
  }
}
