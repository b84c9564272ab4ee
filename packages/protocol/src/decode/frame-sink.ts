import type { Breach } from "../frame/breach.js";

/**
 * What a decoder tells, in the order in which it came. Each call is made while `push` runs, and may itself call `hold`
 * or `stop` of the decoder. None may throw.
 */
export interface FrameSink {
  /** A whole text message; `bytes` is its length on the wire, without headers. */
  text(text: string, bytes: number): void;
  /**
   * A whole binary message. It is the receiver's from now on: either memory of its own, or a part of the chunk that was
   * pushed, which the decoder does not touch again.
   */
  binary(bytes: Uint8Array): void;
  /** A whole message that is compressed (RFC 7692), and what it is once inflated; its UTF-8 is not checked yet. */
  compressed(bytes: Uint8Array, isText: boolean): void;
  /** A ping; its payload must be sent back in a pong. A part of the chunk, to be copied if it is kept. */
  pinged(payload: Uint8Array): void;
  ponged(payload: Uint8Array): void;
  /** The peer's close frame: 1005 where it gave no code. The decoder takes nothing after it. */
  peerClosed(code: number, reason: string): void;
  /** The peer broke a rule. The decoder takes nothing after it. */
  breached(breach: Breach): void;
}
