import type { Breach } from "@ws/protocol";

/** The result of decompressing a message: its bytes, in memory of their own, or the rule that the peer broke. */
export type Inflated = Uint8Array | Breach;

/** Decompresses the messages of a connection, one after the other. RFC 7692 §7.2.2. */
export interface Inflater {
  /**
   * Calls back once, immediately or later, unless the inflater is closed before. The next message may be given only after
   * that.
   */
  inflate(payload: Uint8Array, callback: (result: Inflated) => void): void;
  /** Frees what it holds, because the connection has ended. */
  close(): void;
}

/** The four bytes with which every compressed message ends and which are not sent. RFC 7692 §7.2.1. */
export const tail: Buffer = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** The bytes of a message, copied where they would otherwise keep a much larger buffer of zlib alive. */
export function compact(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength <= bytes.length * 2 ? bytes : new Uint8Array(bytes);
}
