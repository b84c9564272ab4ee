/** @throws {TypeError} for a value that is no number in the range. */
export function checkRange(name: string, value: unknown, [low, high]: readonly [number, number]): void {
  if (typeof value === "number" && value >= low && value <= high) return;
  throw new TypeError(
    `options.${name}: expected a number from ${low} to ${high}, got ${String(value).slice(0, 64)}.` +
      " Sizes are in bytes, times in milliseconds.",
  );
}
