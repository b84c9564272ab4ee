import { PreparedEvent, type WebSocketSendEvent } from "@ws/events";

/** FIN and the opcode. RFC 6455 §5.2. */
const textFrame = 0x81;
const binaryFrame = 0x82;
const pongFrame = 0x8a;

/** The longest header of an unmasked frame. */
const maxHeader = 10;

/** An array's own account of its length; a property of that name could say more than there is. */
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")
  ?.get as (this: Uint8Array) => number;

/** How many bytes the header of an unmasked frame takes. */
function headerLength(payload: number): number {
  if (payload < 126) return 2;
  return payload < 65_536 ? 4 : maxHeader;
}

/** Writes the header of an unmasked frame at `at`. RFC 6455 §5.2. */
function writeHeader(target: Buffer, at: number, first: number, payload: number): void {
  target[at] = first;
  if (payload < 126) {
    target[at + 1] = payload;
  } else if (payload < 65_536) {
    target[at + 1] = 126;
    target.writeUInt16BE(payload, at + 2);
  } else {
    target[at + 1] = 127;
    target.writeBigUInt64BE(BigInt(payload), at + 2);
  }
}

function writeText(target: Buffer, at: number, text: string): number {
  // Most texts are ASCII: as many bytes as characters.
  const expected = headerLength(text.length);
  const payload = target.write(text, at + expected);
  const header = headerLength(payload);
  if (header !== expected) target.copyWithin(at + header, at + expected, at + expected + payload);
  writeHeader(target, at, textFrame, payload);
  return at + header + payload;
}

function writeBinary(target: Buffer, at: number, bytes: Uint8Array): number {
  const payload = lengthOf.call(bytes);
  const header = headerLength(payload);
  writeHeader(target, at, binaryFrame, payload);
  target.set(bytes, at + header);
  return at + header + payload;
}

/**
 * The most bytes that the frame of a message can take: a UTF-16 unit is at most three bytes of UTF-8.
 *
 * @throws {TypeError} for what only looks like a `Uint8Array`.
 */
export function maxFrameLength({ text, bytes }: WebSocketSendEvent): number {
  return maxHeader + (text === undefined ? lengthOf.call(bytes) : text.length * 3);
}

/**
 * Writes the frame of a message at `at`, where there must be room for it; returns where it ends. Bytes are copied,
 * whatever their size: a `send` resolves before the kernel has taken them, and what the application changes, shrinks or
 * transfers then must not tear the stream.
 */
export function writeFrame(target: Buffer, at: number, { text, bytes }: WebSocketSendEvent): number {
  return text === undefined ? writeBinary(target, at, bytes) : writeText(target, at, text);
}

/** How long the frame of a message is, in bytes. */
export function frameLength({ text, bytes }: WebSocketSendEvent): number {
  const payload = text === undefined ? lengthOf.call(bytes) : Buffer.byteLength(text);
  return headerLength(payload) + payload;
}

/** A whole frame that answers a ping; it holds a copy of `payload`, at most 125 bytes. RFC 6455 §5.5.3. */
export function encodePong(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  writeHeader(frame, 0, pongFrame, payload.length);
  frame.set(payload, 2);
  return frame;
}

/** The frame of a message in memory of its own; that of a prepared event is made once. */
export function encodeFrame(event: WebSocketSendEvent): Uint8Array {
  if (!(event instanceof PreparedEvent)) return frameOf(event);
  event.frame ??= frameOf(event as PreparedEvent & WebSocketSendEvent);
  return event.frame;
}

function frameOf(event: WebSocketSendEvent): Buffer {
  const frame = Buffer.allocUnsafe(frameLength(event));
  writeFrame(frame, 0, event);
  return frame;
}
