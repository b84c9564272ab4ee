/**
 * Checks an option that must be a number above 0. `undefined`, which means that the option was not given, passes.
 *
 * @throws {TypeError} that names the option and what it may be.
 */
export function checkPositive(
  name: string,
  value: number | undefined,
  most: number = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined || (typeof value === "number" && value > 0 && value <= most)) return;
  const range = most === Number.POSITIVE_INFINITY ? "" : ` and at most ${most}`;
  throw new TypeError(`${name}: expected a number above 0${range}, got ${String(value).slice(0, 64)}`);
}
