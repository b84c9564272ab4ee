/** The largest number of messages that an option may allow to be kept or to wait. */
export const mostMessages = 1_000_000;

export function bad(name: string, expected: string, got: unknown): TypeError {
  const what = typeof got === "object" && got !== null ? "an object" : String(got).slice(0, 64);
  return new TypeError(`${name}: expected ${expected}, got ${what}`);
}

export function checkNames(where: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== "object" || given === null) throw bad(where, "an object", given);
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw bad(where, known.join(", "), name);
  }
}

export function checkWhole(name: string, value: unknown, most: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most) return;
  throw bad(name, `a whole number from 1 to ${most}`, value);
}

export function checkOneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value)) throw bad(name, `one of ${known.join(", ")}`, value);
}
