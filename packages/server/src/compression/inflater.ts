import type { Breach } from "@ws/protocol";

/** What a compressed message comes to: its bytes, in memory of their own, or the rule that the peer broke. */
export type Inflated = Uint8Array | Breach;

/** Inflates the messages of a connection, one after the other. RFC 7692 §7.2.2. */
export interface Inflater {
  /** Calls back once, at once or later, unless the inflater is closed before. The next message waits for that. */
  inflate(payload: Uint8Array, callback: (result: Inflated) => void): void;
  /** Lets go of what it holds: the connection is over. */
  close(): void;
}

/** How a compressed message ends is known, and left out on the wire. RFC 7692 §7.2.1. */
export const tail: Buffer = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** The bytes of a message, which must not keep the memory into which zlib wrote them. */
export function compact(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength <= bytes.length * 2 ? bytes : new Uint8Array(bytes);
}
