import { maxReasonBytes } from "@ws/events";

const encoder = new TextEncoder();

/** The beginning of a text that fits into a close frame, cut between two code points. RFC 6455 §5.5. */
export function closeReason(text: string): string {
  const bytes = encoder.encode(text.slice(0, maxReasonBytes)).subarray(0, maxReasonBytes);
  // As if more were to come: the beginning of a code point that was cut is left out.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
}
