import { Opcode } from "../frame/opcode.js";
import type { FrameSink } from "./frame-sink.js";
import { MessageBuffer } from "./message-buffer.js";
import { decodeChecked } from "./text.js";
import { Utf8Validator } from "./utf8-validator.js";

/** The header of a frame that begins or continues a message. */
interface DataFrame {
  readonly opcode: number;
  readonly isCompressed: boolean;
  /** The length of the payload, in bytes. */
  readonly length: number;
}

/** A message that has begun and is not complete: it comes in fragments, or its only frame came in pieces. RFC 6455 §5.4. */
export class PartialMessage {
  /** Whether there is such a message. */
  isBegun = false;
  /** The number of the frame of the connection with which it began, from 1. */
  ordinal = 0;
  /** How many of its frames have begun. */
  fragments = 0;
  /** The total length of the payloads of these frames, in bytes, including what has not come yet. */
  announced = 0;
  #isText = false;
  /** Whether it is compressed. RFC 7692 §6. */
  isCompressed = false;
  /** Whether all that has come is ASCII. */
  #isAscii = true;
  // Made for the first message that comes in pieces, because most connections never get one.
  #body: MessageBuffer | undefined;
  #utf8: Utf8Validator | undefined;

  /** A frame begins or continues the message. `ordinal` is the number of the frame. */
  begin({ opcode, isCompressed, length }: DataFrame, ordinal: number): void {
    if (!this.isBegun) {
      this.isBegun = true;
      this.ordinal = ordinal;
      this.#isText = opcode === Opcode.Text;
      this.isCompressed = isCompressed;
    }
    this.fragments += 1;
    this.announced += length;
  }

  /**
   * Takes a piece of payload. `left` is what is still to come of its frame, and `isLast` says whether it is the last frame.
   * It returns `false` where these bytes cannot be a text.
   */
  append(
    chunk: Buffer,
    start: number,
    end: number,
    isAscii: boolean,
    left: number,
    isLast: boolean,
  ): boolean {
    this.#isAscii &&= isAscii;
    if (this.#isText && !this.isCompressed && !this.#isUtf8(chunk, start, end, isAscii)) return false;
    this.#body ??= new MessageBuffer();
    this.#body.append(chunk, start, end, left, isLast);
    return true;
  }

  /** The last frame is complete: reports the message. It returns `false` where it is a text that ends inside a character. */
  end(sink: FrameSink): boolean {
    const isText = this.#isText;
    const isAscii = this.#isAscii;
    const bytes = (this.#body as MessageBuffer).take();
    this.isBegun = false;
    this.fragments = 0;
    this.announced = 0;
    this.#isAscii = true;
    if (this.isCompressed) sink.compressed(bytes, isText);
    else if (!isText) sink.binary(bytes);
    else if (this.#utf8 === undefined || this.#utf8.isWhole)
      sink.text(isAscii ? bytes.toString("latin1") : decodeChecked(bytes), bytes.length);
    else return false;
    return true;
  }

  /** Lets go of what it holds. */
  clear(): void {
    this.#body = undefined;
    this.#utf8 = undefined;
  }

  #isUtf8(chunk: Buffer, start: number, end: number, isAscii: boolean): boolean {
    if (isAscii && this.#utf8 === undefined) return true;
    this.#utf8 ??= new Utf8Validator();
    return (isAscii && this.#utf8.isWhole) || this.#utf8.push(chunk.subarray(start, end));
  }
}
