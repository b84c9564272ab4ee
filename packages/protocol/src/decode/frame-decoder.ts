import { CloseCode, isSendableCloseCode } from "@ws/events";
import { type Breach, breaches } from "../frame/breach.js";
import { maxHeader, Opcode } from "../frame/opcode.js";
import { checkLimits, type DecoderLimits } from "./decoder-limits.js";
import { FrameHead, incomplete } from "./frame-head.js";
import type { FrameSink } from "./frame-sink.js";
import { PartialMessage } from "./partial-message.js";
import { decodeText } from "./text.js";
import { rotateMask, unmask } from "./unmask.js";

/** That of all decoders which are between two messages: none of them begins this one. */
const nothing: PartialMessage = new PartialMessage();

/**
 * Reads the frames of a WebSocket connection from bytes, for either side. RFC 6455 §5.
 *
 * It does no input or output and knows no time: bytes go in by `push`, and what they mean is told to a sink at once. A
 * chunk is the decoder's from then on, and is unmasked in place. What one message needs while it is incomplete is bounded
 * by the limits; nothing else is kept.
 */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #isMasked: boolean;
  #head: FrameHead;
  #ownsHead = false;
  /** Made for the first message that comes in pieces, for most connections never see one. */
  #message: PartialMessage = nothing;
  #isHeld = false;
  #isStopped = false;
  #controlBytes = 0;
  /** How many frames have begun. */
  #frames = 0;
  /** The beginning of a header, or the control frame's payload, whose rest has not come. */
  #kept: Buffer | undefined;
  #keptLength = 0;
  /** How much of a payload is still to come, once its header is there and it is not whole in one chunk. */
  #left = 0;

  /** @throws {RangeError} for a limit out of range. */
  constructor(sink: FrameSink, limits: DecoderLimits) {
    checkLimits(limits);
    this.#sink = sink;
    this.#isMasked = limits.isMasked ?? true;
    this.#head = FrameHead.of(limits);
  }

  /** Bytes of whole control frames so far, headers included. */
  get controlBytes(): number {
    return this.#controlBytes;
  }

  /**
   * Identifies what has begun and is not whole: a message, before a control frame inside it; 0 where nothing is. Two
   * messages never have the same number.
   */
  get unfinished(): number {
    if (this.#message.isBegun) return this.#message.ordinal;
    return this.#left > 0 || this.#keptLength > 0 ? this.#frames : 0;
  }

  /** Whether nothing is read any more: after a close frame, a breach, or `stop`. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Reads what came. Returns how many bytes of the chunk were taken: all of them, but for what lies behind the frame in
   * which the sink called `hold`. The rest is to be pushed again later, by itself or in front of what comes then.
   */
  push(chunk: Buffer): number {
    this.#isHeld = false;
    const { length } = chunk;
    let at = 0;
    while (at < length && !this.#isHeld && !this.#isStopped) {
      if (this.#left > 0) at = this.#readPayload(chunk, at);
      else if (this.#keptLength > 0) at = this.#readRestOfHead(chunk, at);
      else at = this.#readFrame(chunk, at);
    }
    // Nothing behind a close frame means anything. RFC 6455 §5.5.1.
    return this.#isStopped ? length : at;
  }

  /** Ends the `push` that is running behind the current frame. To be called by the sink. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Takes nothing any more, and lets go of what it held. */
  stop(): void {
    this.#isStopped = true;
    this.#message.clear();
    this.#kept = undefined;
  }

  /** Reads a frame from its first byte; returns where to go on. */
  #readFrame(chunk: Buffer, at: number): number {
    this.#frames += 1;
    const size = this.#head.read(chunk, at, chunk.length, this.#message);
    if (typeof size !== "number") return this.#fail(size, chunk);
    if (size !== incomplete) return this.#enterPayload(chunk, at + size);
    this.#kept = Buffer.allocUnsafe(maxHeader);
    this.#keptLength = chunk.copy(this.#kept, 0, at);
    return chunk.length;
  }

  /** Adds to a header that was cut, a byte at a time, until it is whole; returns where to go on. */
  #readRestOfHead(chunk: Buffer, start: number): number {
    const kept = this.#kept as Buffer;
    for (let at = start; at < chunk.length; ) {
      kept[this.#keptLength] = chunk[at] as number;
      this.#keptLength += 1;
      at += 1;
      const size = this.#head.read(kept, 0, this.#keptLength, this.#message);
      if (typeof size !== "number") return this.#fail(size, chunk);
      if (size === incomplete) continue;
      this.#keptLength = 0;
      return this.#enterPayload(chunk, at);
    }
    return chunk.length;
  }

  /** The header is there: takes the payload if it is whole, else remembers how much of it is to come. */
  #enterPayload(chunk: Buffer, start: number): number {
    const end = start + this.#head.length;
    const isWhole = end <= chunk.length;
    if (!isWhole) this.#awaitPayload();
    const head = this.#head;
    if (head.isControl) {
      if (!isWhole) return this.#keepControl(start);
      if (this.#isMasked) unmask(chunk, start, end, head.mask);
      this.#endControl(chunk.subarray(start, end));
    } else if (isWhole && head.isFinal && head.opcode !== Opcode.Continuation) {
      const isAscii = this.#isMasked && unmask(chunk, start, end, head.mask);
      this.#tell(chunk, start, end, isAscii);
    } else {
      if (this.#message === nothing) this.#message = new PartialMessage();
      this.#message.begin(head, this.#frames);
      return isWhole ? this.#append(chunk, start, end) : start;
    }
    return end;
  }

  /** The header is needed until the payload is whole: other decoders read theirs meanwhile. */
  #awaitPayload(): void {
    if (!this.#ownsHead) this.#head = this.#head.own();
    this.#ownsHead = true;
    this.#left = this.#head.length;
  }

  /** Reads a payload that did not come in one piece; returns where to go on. */
  #readPayload(chunk: Buffer, start: number): number {
    const head = this.#head;
    const end = Math.min(start + this.#left, chunk.length);
    this.#left -= end - start;
    if (!head.isControl) return this.#append(chunk, start, end);
    const kept = this.#kept as Buffer;
    const at = head.length - this.#left - (end - start);
    chunk.copy(kept, at, start, end);
    if (this.#left > 0) return end;
    if (this.#isMasked) unmask(kept, 0, head.length, head.mask);
    this.#kept = undefined;
    this.#endControl(kept);
    return end;
  }

  /** Makes room for a control frame whose payload is not there; at most 125 bytes. */
  #keepControl(start: number): number {
    this.#kept = Buffer.allocUnsafe(this.#head.length);
    return start;
  }

  /** Adds to the message under way; returns where to go on. */
  #append(chunk: Buffer, start: number, end: number): number {
    const head = this.#head;
    const isAscii = this.#isMasked && unmask(chunk, start, end, head.mask);
    head.mask = rotateMask(head.mask, end - start);
    if (!this.#message.append(chunk, start, end, isAscii, this.#left, head.isFinal))
      return this.#fail(breaches.notUtf8, chunk);
    const isOver = this.#left === 0 && head.isFinal;
    if (isOver && !this.#message.end(this.#sink)) return this.#fail(breaches.notUtf8, chunk);
    return end;
  }

  /** A whole message in one frame and one chunk: the common case. */
  #tell(chunk: Buffer, start: number, end: number, isAscii: boolean): void {
    const { opcode, isCompressed } = this.#head;
    if (isCompressed) return this.#sink.compressed(chunk.subarray(start, end), opcode === Opcode.Text);
    if (opcode === Opcode.Binary) return this.#sink.binary(chunk.subarray(start, end));
    // A short text is decoded without a view of its own.
    const text = isAscii ? chunk.toString("latin1", start, end) : decodeText(chunk.subarray(start, end));
    if (text === undefined) this.#fail(breaches.notUtf8, chunk);
    else this.#sink.text(text, end - start);
  }

  #endControl(payload: Buffer): void {
    const { opcode } = this.#head;
    this.#controlBytes += 2 + (this.#isMasked ? 4 : 0) + payload.length;
    if (opcode === Opcode.Ping) this.#sink.pinged(payload);
    else if (opcode === Opcode.Pong) this.#sink.ponged(payload);
    else this.#readClose(payload);
  }

  /** RFC 6455 §5.5.1, §7.1.5. */
  #readClose(payload: Buffer): void {
    const code = payload.length === 0 ? CloseCode.NoStatusReceived : payload.readUInt16BE(0);
    const reason = decodeText(payload.subarray(2));
    if (payload.length > 0 && !isSendableCloseCode(code)) this.#fail(breaches.closeCode, payload);
    else if (reason === undefined) this.#fail(breaches.notUtf8, payload);
    else {
      this.stop();
      this.#sink.peerClosed(code, reason);
    }
  }

  /** Tells the breach; all of the chunk counts as taken. */
  #fail(breach: Breach, chunk: Buffer): number {
    this.stop();
    this.#sink.breached(breach);
    return chunk.length;
  }
}
