import { formatJson } from "@ws/contract/validation";
import { BroadcastError } from "./broadcast-error.js";

/** Whether a payload has at most `most` bytes of UTF-8. */
export function fits(payload: string, most: number): boolean {
  return payload.length * 3 <= most || (payload.length <= most && Buffer.byteLength(payload) <= most);
}

/**
 * Formats a message as compact JSON for sending.
 *
 * @throws {TypeError} for a value that JSON cannot represent, including NaN and ±Infinity.
 * @throws {BroadcastError} `ERR_WS_PAYLOAD_TOO_LARGE` above `most` bytes.
 */
export function formatPayload(message: unknown, most: number): string {
  const payload = formatJson(message, "publish");
  if (fits(payload, most)) return payload;
  throw new BroadcastError(
    "ERR_WS_PAYLOAD_TOO_LARGE",
    `publish: expected at most ${most} bytes of JSON (maxPayload), got ${Buffer.byteLength(payload)}`,
  );
}
