import type { DecoderLimits } from "./decode/decoder-limits.js";
import { FrameDecoder } from "./decode/frame-decoder.js";
import type { FrameSink } from "./decode/frame-sink.js";
import type { Breach } from "./frame/breach.js";

/** What a sink was told, in order; bytes as hex. */
export type Told =
  | readonly ["text", string, number]
  | readonly ["binary" | "pinged" | "ponged", string]
  | readonly ["compressed", string, boolean]
  | readonly ["closed", number, string]
  | readonly ["breached", Breach];

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Writes down what it is told, and then does what the test wants done. */
export class RecordingSink implements FrameSink {
  readonly told: Told[] = [];
  onTold: () => void = () => {};

  text(text: string, bytes: number): void {
    this.#note(["text", text, bytes]);
  }

  binary(bytes: Uint8Array): void {
    this.#note(["binary", hexOf(bytes)]);
  }

  compressed(bytes: Uint8Array, isText: boolean): void {
    this.#note(["compressed", hexOf(bytes), isText]);
  }

  pinged(payload: Uint8Array): void {
    this.#note(["pinged", hexOf(payload)]);
  }

  ponged(payload: Uint8Array): void {
    this.#note(["ponged", hexOf(payload)]);
  }

  peerClosed(code: number, reason: string): void {
    this.#note(["closed", code, reason]);
  }

  breached(breach: Breach): void {
    this.#note(["breached", breach]);
  }

  #note(told: Told): void {
    this.told.push(told);
    this.onTold();
  }
}

export const limits: DecoderLimits = { maxPayload: 1_048_576, maxFragments: 1024 };

/** Bytes that are written as hex, with spaces where they help the reader. */
export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

/** What a sink is told of the pieces of a stream, one pushed after the other. */
export function decode(pieces: readonly Buffer[], given: DecoderLimits = limits): readonly Told[] {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder(sink, given);
  // A chunk is the decoder's, and is changed; the test's own stays as it is.
  for (const piece of pieces) decoder.push(Buffer.from(piece));
  return sink.told;
}

export interface FrameParts {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly isFinal?: boolean;
  /** RSV1 to RSV3, as in the first byte: 0x40, 0x20, 0x10. */
  readonly reserved?: number;
  /** Four bytes; no mask without it. */
  readonly mask?: Uint8Array;
  /** How many bytes the length takes, where that is not the shortest form: 2 or 8. */
  readonly lengthBytes?: 2 | 8;
}

function lengthField(length: number, bytes: 0 | 2 | 8): Buffer {
  const field = Buffer.alloc(bytes);
  if (bytes === 2) field.writeUInt16BE(length);
  else if (bytes === 8) field.writeBigUInt64BE(BigInt(length));
  return field;
}

/** A frame as a peer sends it, right or wrong. */
export function frame({
  opcode,
  payload,
  isFinal = true,
  reserved = 0,
  mask,
  lengthBytes,
}: FrameParts): Buffer {
  const { length } = payload;
  const extra = lengthBytes ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8);
  const short = extra === 0 ? length : extra === 2 ? 126 : 127;
  const head = [(isFinal ? 0x80 : 0) | reserved | opcode, (mask === undefined ? 0 : 0x80) | short];
  const body = Buffer.from(payload);
  if (mask !== undefined)
    for (let at = 0; at < length; at += 1) body[at] = Number(body[at]) ^ Number(mask[at % 4]);
  return Buffer.concat([Buffer.from(head), lengthField(length, extra), mask ?? Buffer.alloc(0), body]);
}

export const mask: Buffer = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A masked text or binary message in one frame. */
export function message(payload: string | Uint8Array): Buffer {
  const isText = typeof payload === "string";
  return frame({ opcode: isText ? 1 : 2, payload: isText ? Buffer.from(payload) : payload, mask });
}
