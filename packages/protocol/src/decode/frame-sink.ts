import type { Breach } from "../frame/breach.js";

/**
 * What a decoder reports, in the order in which it came. Each method is called during `push`, and may call `hold` or `stop`
 * of the decoder. None of them may throw.
 */
export interface FrameSink {
  /** A complete text message; `bytes` is its length on the wire, without headers. */
  text(text: string, bytes: number): void;
  /**
   * A complete binary message. From now on it belongs to the receiver: it is in memory of its own, or a part of the pushed
   * chunk that the decoder does not touch again.
   */
  binary(bytes: Uint8Array): void;
  /** A complete compressed message (RFC 7692), and whether it is a text. Its UTF-8 has not been checked. */
  compressed(bytes: Uint8Array, isText: boolean): void;
  /**
   * A ping, whose payload must be sent back in a pong. The payload is a part of the chunk, and has to be copied if it is
   * kept.
   */
  pinged(payload: Uint8Array): void;
  ponged(payload: Uint8Array): void;
  /** The peer's close frame, with 1005 where it has no code. The decoder takes nothing after it. */
  peerClosed(code: number, reason: string): void;
  /** The peer broke a rule. The decoder takes nothing after it. */
  breached(breach: Breach): void;
}
