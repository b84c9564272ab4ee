import { PreparedEvent, type WebSocketSendEvent } from "@ws/events";

/** Up to this many bytes a payload is copied behind its header; above, it is written beside it. */
const maxCopied = 65_536;

/** FIN and the opcode. RFC 6455 §5.2. */
const textFrame = 0x81;
const binaryFrame = 0x82;

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

/** A whole frame that holds a copy of `bytes`. */
function binaryOf(bytes: Uint8Array): Buffer {
  const header = headerLength(bytes.length);
  const frame = Buffer.allocUnsafe(header + bytes.length);
  writeHeader(frame, binaryFrame, bytes.length);
  frame.set(bytes, header);
  return frame;
}

/** The frame of a message in one or two pieces; that of a prepared event is made once. */
export function encodeFrame(event: WebSocketSendEvent): readonly Uint8Array[] {
  if (event instanceof PreparedEvent) {
    event.frame ??= event.text === undefined ? binaryOf(event.bytes) : textOf(event.text);
    return [event.frame];
  }
  if (event.text !== undefined) return [textOf(event.text)];
  const { bytes } = event;
  if (bytes.length <= maxCopied) return [binaryOf(bytes)];
  const header = Buffer.allocUnsafe(headerLength(bytes.length));
  writeHeader(header, binaryFrame, bytes.length);
  return [header, bytes];
}
