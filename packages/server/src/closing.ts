import { CloseCode, isSendableCloseCode, maxTimerDelay } from "@ws/events";
import { type CloseOptions, checkRange } from "./options.js";

/** How to stop, in full. */
export interface Closing {
  /** In ms, as the window is. */
  readonly grace: number;
  readonly window: number;
  readonly code: number;
  readonly signal: AbortSignal | undefined;
}

const defaultGrace = 10_000;

/**
 * Puts the defaults under what was given.
 *
 * @throws {TypeError} for a value out of range, with the range.
 */
export function resolveClosing({ grace = defaultGrace, drain, code, signal }: CloseOptions = {}): Closing {
  const window = drain?.window ?? 0;
  checkRange("grace", grace, [0, maxTimerDelay]);
  checkRange("drain.window", window, [0, maxTimerDelay]);
  // One timer holds both.
  checkRange("grace + options.drain.window", grace + window, [0, maxTimerDelay]);
  const wanted = code ?? CloseCode.ServiceRestart;
  if (isSendableCloseCode(wanted)) return { grace, window, code: wanted, signal };
  throw new TypeError(
    `options.code: expected a close code that may be sent (1000-1003, 1007-1014, 3000-4999), got ${String(wanted).slice(0, 64)}`,
  );
}
