import { constants, deflateRaw, deflateRawSync, type ZlibOptions } from "node:zlib";
import { isPrepared, type PreparedEvent, type WebSocketSendEvent } from "@ws/events";
import { encodeFrame } from "@ws/protocol";
import type { DeflateSettings } from "../options/deflate-options.js";

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
    frame = isBelow(settings.threshold, event)
      ? encodeFrame(event)
      : deflateNow(event, payloadOf(event), windowBits, settings);
    event.deflated.set(windowBits, frame);
  }
  return frame;
}

/** The bytes of a message; not a copy. */
export function payloadOf({ text, bytes }: WebSocketSendEvent): Uint8Array {
  return text === undefined ? bytes : Buffer.from(text);
}

/** The frame of a message that is compressed by itself, or as it is where that is no longer. */
export function deflateNow(
  event: WebSocketSendEvent,
  payload: Uint8Array,
  windowBits: number,
  settings: DeflateSettings,
): Uint8Array {
  return toFrame(event, payload, deflateRawSync(payload, zlibOptions(windowBits, settings)));
}

/** As `deflateNow`, by zlib's threads; `payload` must not change meanwhile. */
export function deflateLater(
  event: WebSocketSendEvent,
  payload: Uint8Array,
  windowBits: number,
  settings: DeflateSettings,
  callback: (frame: Uint8Array) => void,
): void {
  deflateRaw(payload, zlibOptions(windowBits, settings), (error, deflated) => {
    // Without memory for zlib the message goes as it is.
    callback(toFrame(event, payload, error === null ? deflated : undefined));
  });
}

function zlibOptions(windowBits: number, { zlibDeflateOptions }: DeflateSettings): ZlibOptions {
  return { ...zlibDeflateOptions, windowBits, finishFlush: constants.Z_SYNC_FLUSH };
}

function toFrame(event: WebSocketSendEvent, payload: Uint8Array, deflated: Buffer | undefined): Uint8Array {
  if (deflated === undefined || deflated.length - tail >= payload.length) return plainFrame(event, payload);
  return compressedFrame(event, deflated);
}

/** The frame of a message that zlib has made `deflated`, which ends with what is left out on the wire. */
export function compressedFrame({ text }: WebSocketSendEvent, deflated: Buffer): Uint8Array {
  const frame = encodeFrame({ type: "websocket.send", bytes: deflated.subarray(0, -tail) });
  frame[0] = fin | rsv1 | (text === undefined ? binaryOpcode : textOpcode);
  return frame;
}

/** What was prepared has one frame for all; bytes may have changed since `payload` was taken from them. */
function plainFrame(event: WebSocketSendEvent, payload: Uint8Array): Uint8Array {
  const isOwn = isPrepared(event) || event.text !== undefined;
  return encodeFrame(isOwn ? event : { type: "websocket.send", bytes: payload });
}
