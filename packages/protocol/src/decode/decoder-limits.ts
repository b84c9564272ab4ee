/** The limits and settings of a decoder. */
export interface DecoderLimits {
  /**
   * The longest message, in bytes of payload; at most `maxTextBytes`. A compressed message may be a little longer on the
   * wire, because data that cannot be compressed grows; whoever inflates it has to apply the limit to the result.
   */
  readonly maxPayload: number;
  /** The most fragments of one message; at least 1. */
  readonly maxFragments: number;
  /** Whether the frames are masked, as those of a client must be: true by default. RFC 6455 §5.1. */
  readonly isMasked?: boolean;
  /** Whether permessage-deflate was negotiated: false by default. RFC 7692 §6. */
  readonly isDeflate?: boolean;
}

/** The longest text that V8 can hold, in characters, and so the most bytes that can become one. */
export const maxTextBytes = 536_870_888;

/** @throws {RangeError} for a limit out of range. */
export function checkLimits({ maxPayload, maxFragments }: DecoderLimits): void {
  if (!(maxPayload >= 0 && maxPayload <= maxTextBytes)) {
    throw new RangeError(`maxPayload: expected 0 to ${maxTextBytes} bytes, got ${String(maxPayload)}`);
  }
  if (!(maxFragments >= 1))
    throw new RangeError(`maxFragments: expected 1 or more, got ${String(maxFragments)}`);
}
