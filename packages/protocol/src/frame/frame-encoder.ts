import { CloseCode, isPrepared, type PreparedEvent, type WebSocketSendEvent } from "@ws/events";
import { Opcode } from "./opcode.js";

/** The first byte of a frame that is a whole message: FIN is set, and no reserved bit. RFC 6455 §5.2. */
const fin = 0x80;
const textFrame: number = fin | Opcode.Text;
const binaryFrame: number = fin | Opcode.Binary;

/** The longest header of an unmasked frame, in bytes. */
const maxHeader = 10;

/** The getter of the prototype. An own `length` property of an array could give a wrong length. */
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
  // Most texts are ASCII and have as many bytes as characters.
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
 * The most bytes that the frame of a message can take; a UTF-16 unit takes at most three bytes of UTF-8.
 *
 * @throws {TypeError} for an object that only looks like a `Uint8Array`.
 */
export function maxFrameLength({ text, bytes }: WebSocketSendEvent): number {
  return maxHeader + (text === undefined ? lengthOf.call(bytes) : text.length * 3);
}

/**
 * Writes the frame of a message at `at`, where there must be room for it, and returns its end. Bytes are always copied: a
 * `send` resolves before the kernel has taken them, and if the application changes, shrinks or transfers them after that,
 * the stream must stay intact.
 */
export function writeFrame(target: Buffer, at: number, { text, bytes }: WebSocketSendEvent): number {
  return text === undefined ? writeBinary(target, at, bytes) : writeText(target, at, text);
}

/** How long the frame of a message is, in bytes. */
export function frameLength({ text, bytes }: WebSocketSendEvent): number {
  const payload = text === undefined ? lengthOf.call(bytes) : Buffer.byteLength(text);
  return headerLength(payload) + payload;
}

/** A control frame with a copy of `payload`, which is at most 125 bytes. RFC 6455 §5.5. */
function encodeControl(opcode: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  writeHeader(frame, 0, fin | opcode, payload.length);
  frame.set(payload, 2);
  return frame;
}

/** A ping; the peer sends its payload back. RFC 6455 §5.5.2. */
export function encodePing(payload: Uint8Array): Buffer {
  return encodeControl(Opcode.Ping, payload);
}

/** The answer to a ping. RFC 6455 §5.5.3. */
export function encodePong(payload: Uint8Array): Buffer {
  return encodeControl(Opcode.Pong, payload);
}

/** A close frame. With 1005, which stands for no code, it has no code. RFC 6455 §5.5.1. */
export function encodeClose(code: number, reason: string): Buffer {
  if (code === CloseCode.NoStatusReceived) return encodeControl(Opcode.Close, Buffer.alloc(0));
  const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return encodeControl(Opcode.Close, payload);
}

/** The frame of a message in memory of its own. The frame of a prepared event is made once. */
export function encodeFrame(event: WebSocketSendEvent): Uint8Array {
  if (!isPrepared(event)) return frameOf(event);
  event.frame ??= frameOf(event as PreparedEvent & WebSocketSendEvent);
  return event.frame;
}

function frameOf(event: WebSocketSendEvent): Buffer {
  const frame = Buffer.allocUnsafe(frameLength(event));
  writeFrame(frame, 0, event);
  return frame;
}
