import { constants, deflateRawSync } from "node:zlib";
import type { PreparedEvent, WebSocketSendEvent } from "@ws/events";
import type { DeflateSettings } from "./deflate-options.js";
import { encodeFrame } from "./frame.js";

/** Says that a message is compressed. RFC 7692 §6. */
const rsv1 = 0x40;
const textOpcode = 0x01;
const binaryOpcode = 0x02;
const fin = 0x80;

/** How a compressed message ends is known, and left out: 00 00 ff ff. RFC 7692 §7.2.1. */
const tail = 4;

/** Whether a message is too small to be worth the work. */
export function isBelow(threshold: number, { text, bytes }: WebSocketSendEvent): boolean {
  if (text === undefined) return bytes.length < threshold;
  // A UTF-16 unit is one to three bytes of UTF-8.
  return text.length < threshold && (text.length * 3 < threshold || Buffer.byteLength(text) < threshold);
}

/**
 * The frame of a prepared message for all who take compressed messages that need no context and a window of
 * `windowBits`; made once. Its payload is compressed where that makes it smaller.
 */
export function deflatedFrame(
  event: PreparedEvent & WebSocketSendEvent,
  windowBits: number,
  settings: DeflateSettings,
): Uint8Array {
  event.deflated ??= new Map();
  let frame = event.deflated.get(windowBits);
  if (frame === undefined) {
    frame = isBelow(settings.threshold, event) ? encodeFrame(event) : frameOf(event, windowBits, settings);
    event.deflated.set(windowBits, frame);
  }
  return frame;
}

function frameOf(
  event: PreparedEvent & WebSocketSendEvent,
  windowBits: number,
  { zlibDeflateOptions }: DeflateSettings,
): Uint8Array {
  const { text, bytes } = event;
  const payload = text === undefined ? bytes : Buffer.from(text);
  const finishFlush = constants.Z_SYNC_FLUSH;
  const deflated = deflateRawSync(payload, { ...zlibDeflateOptions, windowBits, finishFlush });
  const length = deflated.length - tail;
  if (length >= payload.length) return encodeFrame(event);
  const frame = encodeFrame({ type: "websocket.send", bytes: deflated.subarray(0, length) });
  frame[0] = fin | rsv1 | (text === undefined ? binaryOpcode : textOpcode);
  return frame;
}
