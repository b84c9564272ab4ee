import { InvalidMessage } from "@ws/events";

/** Bounds on JSON, checked before it is parsed. */
export interface JsonLimits {
  /** How deep arrays and objects may be nested; 64 by default. */
  readonly maxDepth?: number;
  /** How long the text may be, in UTF-16 units; 1,048,576 by default. */
  readonly maxLength?: number;
}

const quote = 0x22;
const backslash = 0x5c;

/** How deep brackets are nested outside strings; stops counting above `limit`. One pass, no recursion. */
function isDeeper(text: string, limit: number): boolean {
  // Each level takes one character, so a short text cannot be deep.
  if (text.length <= limit) return false;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === backslash) index += 1;
      else if (unit === quote) inString = false;
      continue;
    }
    if (unit === quote) inString = true;
    // "[" and "{", "]" and "}" differ in one bit only.
    else if ((unit | 0x20) === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if ((unit | 0x20) === 0x7d) depth -= 1;
  }
  return false;
}

/**
 * Reads JSON that came from a client.
 *
 * @throws {InvalidMessage} `ERR_WS_MESSAGE_JSON` for what is no JSON, too long or too deep.
 */
export function parseJson(text: string, limits: JsonLimits = {}): unknown {
  const { maxDepth = 64, maxLength = 1_048_576 } = limits;
  if (text.length > maxLength) {
    throw new InvalidMessage(
      "ERR_WS_MESSAGE_JSON",
      `expected JSON of at most ${maxLength} characters, got ${text.length}`,
    );
  }
  if (isDeeper(text, maxDepth)) {
    throw new InvalidMessage("ERR_WS_MESSAGE_JSON", `expected JSON at most ${maxDepth} levels deep`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be secret or hostile.
    throw new InvalidMessage(
      "ERR_WS_MESSAGE_JSON",
      `expected JSON, got ${text.length} characters of no JSON`,
    );
  }
}

/** A replacer that refuses the numbers which JSON has no word for and would silently write as null. */
function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`sendJson: expected finite numbers, got ${value} at "${key.slice(0, 64)}"`);
  }
  return value;
}

/** `undefined` for what JSON has no word for at all. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    // The first line says "circular", "BigInt" or "stack size"; the engine's others name keys, however long.
    const said = error.message.split("\n", 1).join("").slice(0, 200);
    throw new TypeError(`sendJson: expected a JSON value: ${said}`);
  }
}

/**
 * Writes compact JSON.
 *
 * @throws {TypeError} for a value that JSON cannot hold: undefined, a function, NaN, ±Infinity, a cycle, a bigint,
 *   one nested too deep for the stack.
 */
export function formatJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `sendJson: expected a JSON value, got ${typeof value}. Likely mistake: a missing return.`,
    );
  }
  // A replacer is slow; only a text with a null in it can have swallowed a number.
  if (text.includes("null")) JSON.stringify(value, refuseNonFinite);
  return text;
}
