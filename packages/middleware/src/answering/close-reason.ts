import { maxReasonBytes } from "@ws/events";

const encoder = new TextEncoder();

/** The beginning of a text that fits into a close frame, cut between two code points. RFC 6455 §5.5. */
export function closeReason(text: string): string {
  const bytes = encoder.encode(text.slice(0, maxReasonBytes)).subarray(0, maxReasonBytes);
  // `stream` makes the decoder leave out a code point that was cut.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
}
