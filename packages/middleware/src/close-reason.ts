import { maxReasonBytes } from "@ws/events";

const encoder = new TextEncoder();

/** The beginning of a text that fits into a close frame, cut between two code points. RFC 6455 §5.5. */
export function closeReason(text: string): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(maxReasonBytes));
  return text.slice(0, read).toWellFormed();
}
