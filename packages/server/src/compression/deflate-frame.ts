import { constants, deflateRaw, deflateRawSync, type ZlibOptions } from "node:zlib";
import { isPrepared, type PreparedEvent, type WebSocketSendEvent } from "@ws/events";
import { encodeFrame } from "@ws/protocol";
import type { DeflateSettings } from "../options/deflate-options.js";

/** The bit that marks a message as compressed. RFC 7692 §6. */
const rsv1 = 0x40;
const textOpcode = 0x01;
const binaryOpcode = 0x02;
const fin = 0x80;

/** The length of 00 00 ff ff, with which every compressed message ends and which is not sent. RFC 7692 §7.2.1. */
const tail = 4;

/** Whether a message is too small to be worth compressing. */
export function isBelow(threshold: number, { text, bytes }: WebSocketSendEvent): boolean {
  if (text === undefined) return bytes.length < threshold;
  // A UTF-16 unit takes one to three bytes of UTF-8, so the exact length is needed only in between.
  return text.length < threshold && (text.length * 3 < threshold || Buffer.byteLength(text) < threshold);
}

/**
 * The frame of a prepared message for all clients that take compressed messages without a context and with a window of
 * `windowBits`. It is made once. The payload is compressed only where that makes it smaller.
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

/** The bytes of a message. They are not copied. */
export function payloadOf({ text, bytes }: WebSocketSendEvent): Uint8Array {
  return text === undefined ? bytes : Buffer.from(text);
}

/** The frame of a message, compressed without a context; uncompressed where that is shorter. */
export function deflateNow(
  event: WebSocketSendEvent,
  payload: Uint8Array,
  windowBits: number,
  settings: DeflateSettings,
): Uint8Array {
  return toFrame(event, payload, deflateRawSync(payload, zlibOptions(windowBits, settings)));
}

/** Does the same as `deflateNow` on zlib's threads. `payload` must not change meanwhile. */
export function deflateLater(
  event: WebSocketSendEvent,
  payload: Uint8Array,
  windowBits: number,
  settings: DeflateSettings,
  callback: (frame: Uint8Array) => void,
): void {
  deflateRaw(payload, zlibOptions(windowBits, settings), (error, deflated) => {
    // Where zlib gets no memory the message is sent uncompressed.
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

/** The frame of a message that zlib has compressed. `deflated` still ends with the four bytes that are not sent. */
export function compressedFrame({ text }: WebSocketSendEvent, deflated: Buffer): Uint8Array {
  const frame = encodeFrame({ type: "websocket.send", bytes: deflated.subarray(0, -tail) });
  frame[0] = fin | rsv1 | (text === undefined ? binaryOpcode : textOpcode);
  return frame;
}

/**
 * The uncompressed frame. A prepared message has one frame for all connections; otherwise it is made from `payload`, because
 * the application may have changed its own bytes since.
 */
function plainFrame(event: WebSocketSendEvent, payload: Uint8Array): Uint8Array {
  const isOwn = isPrepared(event) || event.text !== undefined;
  return encodeFrame(isOwn ? event : { type: "websocket.send", bytes: payload });
}
