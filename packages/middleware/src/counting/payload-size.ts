import type { MessagePayload } from "@ws/events";
import { byteLength } from "../platform/byte-length.js";

/** How many bytes a message has on the wire, before compression and framing. */
export function payloadSize({ text, bytes }: MessagePayload): number {
  return text === undefined ? bytes.length : byteLength(text);
}
