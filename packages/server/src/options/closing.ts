import { isSendableCloseCode, maxTimerDelay } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import { endings } from "../session/endings.js";
import type { CloseOptions } from "./options.js";
import { checkRange } from "./range.js";

/** How to close, with every default filled in. */
export interface Closing {
  /** In ms, as is `window`. */
  readonly grace: number;
  readonly window: number;
  readonly code: number;
  readonly reason: string;
  readonly signal: AbortSignal | undefined;
}

const defaultGrace = 10_000;
/** RFC 6455 §5.5: a control frame has 125 bytes, and the code takes two. */
const maxReasonBytes = 123;

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} for a value out of range; the message names the range.
 */
export function resolveClosing(options: CloseOptions = {}): Closing {
  const { grace = defaultGrace, drain, code, reason = "", signal } = options;
  const window = drain?.window ?? 0;
  checkRange("grace", grace, [0, maxTimerDelay]);
  checkRange("drain.window", window, [0, maxTimerDelay]);
  // One timer covers both.
  checkRange("grace + options.drain.window", grace + window, [0, maxTimerDelay]);
  if (typeof reason !== "string" || Buffer.byteLength(reason) > maxReasonBytes) {
    throw new TypeError(
      `options.reason: expected a text of at most ${maxReasonBytes} bytes, got ${describeValue(reason)}`,
    );
  }
  const wanted = code ?? endings.shutdown.code;
  if (isSendableCloseCode(wanted)) return { grace, window, code: wanted, reason, signal };
  throw new TypeError(
    `options.code: expected a close code that may be sent (1000-1003, 1007-1014, 3000-4999), got ${String(wanted).slice(0, 64)}`,
  );
}
