import { InvalidMessage } from "@ws/events";

/** Bounds on JSON, which are checked before it is parsed. */
export interface JsonLimits {
  /** How deep arrays and objects may be nested; 64 by default. */
  readonly maxDepth?: number;
  /** How long the text may be, in UTF-16 units; 1,048,576 by default. */
  readonly maxLength?: number;
  /**
   * How many commas and opening brackets there may be, which is about the number of values that a schema may have to check.
   * 10,000 by default.
   */
  readonly maxValues?: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/** The bound that a text exceeds outside of strings; `undefined` for none. It takes one pass and no recursion. */
function overBound(text: string, maxDepth: number, maxValues: number): string | undefined {
  // Each level and each value takes at least one character, so a short text is within the bounds.
  if (text.length <= maxDepth && text.length <= maxValues) return undefined;
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === backslash) index += 1;
      else if (unit === quote) inString = false;
      continue;
    }
    if (unit === quote) inString = true;
    else if (unit === comma) values += 1;
    // "[" and "{", as well as "]" and "}", differ in one bit only.
    else if ((unit | 0x20) === 0x7b) {
      values += 1;
      depth += 1;
      if (depth > maxDepth) return `at most ${maxDepth} levels deep`;
    } else if ((unit | 0x20) === 0x7d) depth -= 1;
    if (values > maxValues) return `of at most ${maxValues} values`;
  }
  return undefined;
}

/**
 * Reads JSON that came from a client.
 *
 * @throws {InvalidMessage} `ERR_WS_MESSAGE_JSON` for a text that is no JSON, is too long or too deep, or has too many
 *   values.
 */
export function parseJson(text: string, limits: JsonLimits = {}): unknown {
  const { maxDepth = 64, maxLength = 1_048_576, maxValues = 10_000 } = limits;
  if (text.length > maxLength) {
    throw new InvalidMessage(
      "ERR_WS_MESSAGE_JSON",
      `expected JSON of at most ${maxLength} characters, got ${text.length}`,
    );
  }
  const bound = overBound(text, maxDepth, maxValues);
  if (bound !== undefined) throw new InvalidMessage("ERR_WS_MESSAGE_JSON", `expected JSON ${bound}`);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message is not used: it quotes the text, which may be secret or hostile.
    throw new InvalidMessage(
      "ERR_WS_MESSAGE_JSON",
      `expected JSON, got ${text.length} characters of no JSON`,
    );
  }
}

/** Writes JSON; `undefined` for a value that JSON cannot represent at all. */
function stringify(
  value: unknown,
  caller: string,
  replacer?: (this: unknown, key: string, value: unknown) => unknown,
): string | undefined {
  try {
    return JSON.stringify(value, replacer);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    // The first line says "circular", "BigInt" or "stack size"; the other lines name keys, which may be of any length.
    const said = error.message.split("\n", 1).join("").slice(0, 200);
    throw new TypeError(`${caller}: expected a JSON value: ${said}`);
  }
}

/** Describes a value that JSON silently writes as null; `undefined` for any other value. */
function lostAsNull(holder: unknown, original: unknown, inner: unknown): string | undefined {
  if (original instanceof Date && Number.isNaN(original.getTime())) return "valid dates, got an invalid Date";
  // JSON writes a Number object as its number.
  const number = inner instanceof Number ? inner.valueOf() : inner;
  if (typeof number === "number" && !Number.isFinite(number)) return `finite numbers, got ${number}`;
  const isNothing = inner === undefined || typeof inner === "function" || typeof inner === "symbol";
  return isNothing && Array.isArray(holder) ? `JSON values in an array, got ${typeof inner}` : undefined;
}

/** The first value that is silently written as null, with its key; `undefined` for none. */
function lostValue(value: unknown, caller: string): string | undefined {
  let found: string | undefined;
  stringify(value, caller, function (this: unknown, key: string, inner: unknown) {
    const lost = lostAsNull(this, (this as Record<string, unknown>)[key], inner);
    if (lost !== undefined) found ??= `${lost} at "${key.slice(0, 64)}"`;
    return inner;
  });
  return found;
}

/**
 * Writes compact JSON. `caller` begins the errors.
 *
 * @throws {TypeError} for a value that JSON cannot represent: undefined or a function, alone or in an array, NaN, ±Infinity,
 *   an invalid date, a cycle, a bigint, or a value that is nested too deeply for the stack.
 */
export function formatJson(value: unknown, caller = "sendJson"): string {
  const text = stringify(value, caller);
  if (text === undefined) {
    throw new TypeError(
      `${caller}: expected a JSON value, got ${typeof value}. Likely mistake: a missing return.`,
    );
  }
  // A replacer function is slow, and only a text with a null in it can have lost a value.
  const lost = text.includes("null") ? lostValue(value, caller) : undefined;
  if (lost !== undefined) throw new TypeError(`${caller}: expected ${lost}`);
  return text;
}
