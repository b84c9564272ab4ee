import type { MessagePayload } from "@ws/events";

/** How many bytes a message has on the wire, before compression and framing. */
export function payloadSize({ text, bytes }: MessagePayload): number {
  return text === undefined ? bytes.length : Buffer.byteLength(text);
}
