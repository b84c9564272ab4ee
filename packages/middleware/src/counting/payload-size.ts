import type { MessagePayload } from "@ws/events";
import { byteLength } from "../platform/byte-length.js";

/** The size of a message on the wire in bytes, before compression and framing. */
export function payloadSize({ text, bytes }: MessagePayload): number {
  return text === undefined ? bytes.length : byteLength(text);
}
