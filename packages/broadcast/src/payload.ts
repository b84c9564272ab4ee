import { BroadcastError } from "./broadcast-error.js";

/** Whether a payload has at most `most` bytes of UTF-8. */
export function fits(payload: string, most: number): boolean {
  return payload.length * 3 <= most || (payload.length <= most && Buffer.byteLength(payload) <= most);
}

/** A replacer that refuses the numbers which JSON has no word for and would silently write as null. */
function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`publish: expected finite numbers, got ${value} at "${key.slice(0, 64)}"`);
  }
  return value;
}

/** `undefined` for what JSON has no word for at all. */
function stringify(message: unknown): string | undefined {
  try {
    return JSON.stringify(message);
  } catch (error) {
    // The first line says "circular" or "BigInt"; the engine's others name keys, however long.
    const said = String((error as Error).message)
      .split("\n", 1)
      .join("")
      .slice(0, 200);
    throw new TypeError(`publish: expected a JSON value: ${said}`);
  }
}

/**
 * A message as it travels: compact JSON.
 *
 * @throws {TypeError} for what JSON cannot hold, NaN and ±Infinity included.
 * @throws {BroadcastError} `ERR_WS_PAYLOAD_TOO_LARGE` above `most` bytes.
 */
export function formatPayload(message: unknown, most: number): string {
  const payload = stringify(message);
  if (payload === undefined) {
    throw new TypeError(
      `publish: expected a JSON value, got ${typeof message}. Likely mistake: a missing return.`,
    );
  }
  // A replacer is slow; only a text with a null in it can have swallowed a number.
  if (payload.includes("null")) JSON.stringify(message, refuseNonFinite);
  if (fits(payload, most)) return payload;
  throw new BroadcastError(
    "ERR_WS_PAYLOAD_TOO_LARGE",
    `publish: expected at most ${most} bytes of JSON (maxPayload), got ${Buffer.byteLength(payload)}`,
  );
}
