import { type Breach, breaches } from "../frame/breach.js";
import { isControl, maxControlPayload, Opcode } from "../frame/opcode.js";
import type { DecoderLimits } from "./decoder-limits.js";
import type { PartialMessage } from "./partial-message.js";

/** The result of `read` while a part of the header is missing. */
export const incomplete = 0;
const uint32 = 2 ** 32;

/** The head that the last decoder shares. Nearly all decoders of a process have the same limits. */
let shared: FrameHead | undefined;

/**
 * The header of a frame; the object is reused for the next frame. RFC 6455 §5.2. Decoders with the same limits share one,
 * and each gets its own only when it has a frame whose payload did not come together with its header.
 */
export class FrameHead {
  opcode = 0;
  isFinal = false;
  /** Whether the message that begins here is compressed. RFC 7692 §6. */
  isCompressed = false;
  /** The length of the payload, in bytes. */
  length = 0;
  /** The masking key, with its first byte as the lowest. */
  mask = 0;
  readonly #maxPayload: number;
  readonly #maxFragments: number;
  readonly #isMasked: boolean;
  readonly #isDeflate: boolean;

  /** A head that may be shared, for frames whose payload is complete. */
  static of(limits: DecoderLimits): FrameHead {
    if (shared === undefined || !shared.#hasLimits(limits)) shared = new FrameHead(limits);
    return shared;
  }

  private constructor({ maxPayload, maxFragments, isMasked = true, isDeflate = false }: DecoderLimits) {
    this.#maxPayload = maxPayload;
    this.#maxFragments = maxFragments;
    this.#isMasked = isMasked;
    this.#isDeflate = isDeflate;
  }

  /** A copy that nobody shares. */
  own(): FrameHead {
    const own = new FrameHead({
      maxPayload: this.#maxPayload,
      maxFragments: this.#maxFragments,
      isMasked: this.#isMasked,
      isDeflate: this.#isDeflate,
    });
    own.opcode = this.opcode;
    own.isFinal = this.isFinal;
    own.isCompressed = this.isCompressed;
    own.length = this.length;
    own.mask = this.mask;
    return own;
  }

  get isControl(): boolean {
    return isControl(this.opcode);
  }

  /**
   * Reads a header from `at`, and checks it as far as it has come, so that a peer that breaks a rule is noticed at once. It
   * returns the header's length, `incomplete`, or the rule that was broken. `message` is the message that the frame may
   * continue.
   */
  read(bytes: Buffer, at: number, end: number, message: PartialMessage): number | Breach {
    if (end - at < 2) return incomplete;
    const second = bytes[at + 1] as number;
    const breach = this.#judge(bytes[at] as number, second, message.isBegun);
    if (breach !== undefined) return breach;
    const short = second & 0x7f;
    let size = 2;
    this.length = short;
    if (short === 126) {
      if (end - at < 4) return incomplete;
      this.length = bytes.readUInt16BE(at + 2);
      size = 4;
    } else if (short === 127) {
      if (end - at < 10) return incomplete;
      // Above 2^53 this is not exact, but that is far above every limit.
      this.length = bytes.readUInt32BE(at + 2) * uint32 + bytes.readUInt32BE(at + 6);
      size = 10;
    }
    if (!this.isControl) {
      if (message.announced + this.length > this.#maxOf(message)) return breaches.tooBig;
      if (message.fragments >= this.#maxFragments) return breaches.tooManyFragments;
    }
    if (!this.#isMasked) return size;
    if (end - at < size + 4) return incomplete;
    this.mask = bytes.readInt32LE(at + size);
    return size + 4;
  }

  #hasLimits({ maxPayload, maxFragments, isMasked = true, isDeflate = false }: DecoderLimits): boolean {
    return (
      this.#maxPayload === maxPayload &&
      this.#maxFragments === maxFragments &&
      this.#isMasked === isMasked &&
      this.#isDeflate === isDeflate
    );
  }

  /** The longest payload on the wire of the message that this frame begins or continues. */
  #maxOf({ isBegun, isCompressed }: PartialMessage): number {
    const max = this.#maxPayload;
    // Data that cannot be compressed grows by about 5 bytes for each 16 KiB. RFC 1951 §3.2.4.
    return (isBegun ? isCompressed : this.isCompressed) ? max + max / 1024 + 64 : max;
  }

  /** Checks the first two bytes by RFC 6455 §5, and stores their values. */
  #judge(first: number, second: number, isWithin: boolean): Breach | undefined {
    const opcode = first & 0x0f;
    const reserved = first & 0x70;
    this.opcode = opcode;
    this.isFinal = (first & 0x80) !== 0;
    // RSV1 is allowed only on the first frame of a message. RFC 7692 §6.1.
    this.isCompressed =
      reserved === 0x40 && this.#isDeflate && (opcode === Opcode.Text || opcode === Opcode.Binary);
    if (reserved !== 0 && !this.isCompressed) return breaches.reservedBits;
    if ((second & 0x80) === 0) {
      if (this.#isMasked) return breaches.notMasked;
    } else if (!this.#isMasked) return breaches.masked;
    if (opcode > Opcode.Pong || (opcode > Opcode.Binary && opcode < Opcode.Close))
      return breaches.unknownOpcode;
    if (isControl(opcode)) return this.#judgeControl(second & 0x7f);
    if (opcode === Opcode.Continuation) return isWithin ? undefined : breaches.continuationOfNothing;
    return isWithin ? breaches.messageInMessage : undefined;
  }

  /** Checks a control frame. RFC 6455 §5.5. */
  #judgeControl(length: number): Breach | undefined {
    if (!this.isFinal) return breaches.fragmentedControl;
    if (length > maxControlPayload) return breaches.longControl;
    return this.opcode === Opcode.Close && length === 1 ? breaches.halfCloseCode : undefined;
  }
}
