import { PreparedEvent, type WebSocketSendEvent } from "@ws/events";

/** FIN and the opcode. RFC 6455 §5.2. */
const textFrame = 0x81;
const binaryFrame = 0x82;
const pongFrame = 0x8a;

/** An array's own account of its length; a property of that name could say more than there is. */
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")
  ?.get as (this: Uint8Array) => number;

/** How many bytes the header of an unmasked frame takes. */
function headerLength(payload: number): number {
  if (payload < 126) return 2;
  return payload < 65_536 ? 4 : 10;
}

/** Writes the header of an unmasked frame. RFC 6455 §5.2. */
function writeHeader(frame: Buffer, first: number, payload: number): void {
  frame[0] = first;
  if (payload < 126) {
    frame[1] = payload;
  } else if (payload < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(payload, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(payload), 2);
  }
}

/** A whole frame that holds a text. */
function textOf(text: string): Buffer {
  const payload = Buffer.byteLength(text);
  const header = headerLength(payload);
  const frame = Buffer.allocUnsafe(header + payload);
  writeHeader(frame, textFrame, payload);
  frame.write(text, header);
  return frame;
}

/**
 * A whole frame that holds a copy of `bytes`, whatever their size: a `send` resolves before the kernel has taken them,
 * and what the application changes, shrinks or transfers then must not tear the stream.
 *
 * @throws {TypeError} for what only looks like a `Uint8Array`.
 */
function binaryOf(bytes: Uint8Array): Buffer {
  const length = lengthOf.call(bytes);
  const header = headerLength(length);
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, binaryFrame, length);
  frame.set(bytes, header);
  return frame;
}

/** A whole frame that answers a ping; it holds a copy of `payload`, at most 125 bytes. RFC 6455 §5.5.3. */
export function encodePong(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(2 + payload.length);
  writeHeader(frame, pongFrame, payload.length);
  frame.set(payload, 2);
  return frame;
}

/** The frame of a message; that of a prepared event is made once. */
export function encodeFrame(event: WebSocketSendEvent): Uint8Array {
  if (!(event instanceof PreparedEvent)) return frameOf(event);
  event.frame ??= frameOf(event as PreparedEvent & WebSocketSendEvent);
  return event.frame;
}

function frameOf({ text, bytes }: WebSocketSendEvent): Buffer {
  return text === undefined ? binaryOf(bytes) : textOf(text);
}
