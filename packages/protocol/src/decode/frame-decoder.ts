import { CloseCode, isSendableCloseCode } from "@ws/events";
import { type Breach, breaches } from "../frame/breach.js";
import { maxHeader, Opcode } from "../frame/opcode.js";
import { checkLimits, type DecoderLimits } from "./decoder-limits.js";
import { FrameHead, incomplete } from "./frame-head.js";
import type { FrameSink } from "./frame-sink.js";
import { PartialMessage } from "./partial-message.js";
import { decodeText } from "./text.js";
import { rotateMask, unmask } from "./unmask.js";

/** Shared by all decoders that are between two messages, as they do not change it. */
const nothing: PartialMessage = new PartialMessage();

/**
 * Decodes the frames of a WebSocket connection, for either side. RFC 6455 §5.
 *
 * It does no input or output and has no timers: bytes are given to `push`, and their meaning is reported to a sink at once.
 * From then on the chunk belongs to the decoder, which unmasks it in place. The limits bound what an incomplete message
 * needs; nothing else is kept.
 */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #isMasked: boolean;
  #head: FrameHead;
  #ownsHead = false;
  /** Made for the first message that comes in pieces, because most connections never get one. */
  #message: PartialMessage = nothing;
  #isHeld = false;
  #isStopped = false;
  #controlBytes = 0;
  /** How many frames have begun. */
  #frames = 0;
  /** The incomplete header or payload of a control frame, whose rest has not come. */
  #kept: Buffer | undefined;
  #keptLength = 0;
  /** How much of a payload is still to come, after its header was read. */
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
   * A number for the message that has begun and is not complete, or for the control frame where there is no such message; 0
   * where there is neither. Two messages never have the same number.
   */
  get unfinished(): number {
    if (this.#message.isBegun) return this.#message.ordinal;
    return this.#left > 0 || this.#keptLength > 0 ? this.#frames : 0;
  }

  /** Whether nothing is decoded any more: after a close frame, a breach, or `stop`. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Decodes a chunk. It returns how many of its bytes were taken. That is all of them, unless the sink called `hold`; then
   * the rest has to be pushed again later, alone or in front of what comes then.
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
    // Anything behind a close frame is meaningless. RFC 6455 §5.5.1.
    return this.#isStopped ? length : at;
  }

  /** Ends the current `push` after the current frame. The sink may call it. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Decodes nothing more, and drops everything that it holds. */
  stop(): void {
    this.#isStopped = true;
    this.#message.clear();
    this.#kept = undefined;
  }

  /** Reads a frame from its first byte, and returns where to continue. */
  #readFrame(chunk: Buffer, at: number): number {
    this.#frames += 1;
    const size = this.#head.read(chunk, at, chunk.length, this.#message);
    if (typeof size !== "number") return this.#fail(size, chunk);
    if (size !== incomplete) return this.#enterPayload(chunk, at + size);
    this.#kept = Buffer.allocUnsafe(maxHeader);
    this.#keptLength = chunk.copy(this.#kept, 0, at);
    return chunk.length;
  }

  /** Adds single bytes to an incomplete header until it is complete, and returns where to continue. */
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

  /** The header is complete: reads the payload if all of it is there, otherwise notes how much is to come. */
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

  /** The header is needed until the payload is complete, and other decoders use the shared one meanwhile. */
  #awaitPayload(): void {
    if (!this.#ownsHead) this.#head = this.#head.own();
    this.#ownsHead = true;
    this.#left = this.#head.length;
  }

  /** Reads a payload that did not come in one piece, and returns where to continue. */
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

  /** Reserves memory for a control frame with an incomplete payload; at most 125 bytes. */
  #keepControl(start: number): number {
    this.#kept = Buffer.allocUnsafe(this.#head.length);
    return start;
  }

  /** Adds to the current message, and returns where to continue. */
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

  /** Reports a message that consists of one frame in one chunk, which is the common case. */
  #tell(chunk: Buffer, start: number, end: number, isAscii: boolean): void {
    const { opcode, isCompressed } = this.#head;
    if (isCompressed) return this.#sink.compressed(chunk.subarray(start, end), opcode === Opcode.Text);
    if (opcode === Opcode.Binary) return this.#sink.binary(chunk.subarray(start, end));
    // A short text is decoded without creating a view.
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

  /** Reads a close frame. RFC 6455 §5.5.1, §7.1.5. */
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

  /** Reports a breach. All of the chunk counts as taken. */
  #fail(breach: Breach, chunk: Buffer): number {
    this.stop();
    this.#sink.breached(breach);
    return chunk.length;
  }
}
