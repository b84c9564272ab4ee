/** What a frame says beside its payload. */
export interface FrameParts {
  readonly isFinal: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly mask: Uint8Array | undefined;
  /** How many bytes behind the second one the length takes. */
  readonly lengthBytes: 0 | 2 | 8;
  /** What the header says of the length, where it is not the payload's. */
  readonly declared: bigint | undefined;
}

/** How many bytes behind the second one a length needs. RFC 6455 §5.2. */
export function leastBytes(length: number): 0 | 2 | 8 {
  if (length < 126) return 0;
  return length < 65_536 ? 2 : 8;
}

/** The bytes of a frame, right or wrong. RFC 6455 §5.2. */
export function encode(payload: Uint8Array, parts: FrameParts): Buffer {
  const { mask, lengthBytes, declared = BigInt(payload.length) } = parts;
  const header = Buffer.alloc(2 + lengthBytes);
  header[0] = (parts.isFinal ? 0x80 : 0) | (parts.rsv << 4) | parts.opcode;
  const short = lengthBytes === 0 ? Number(declared) : lengthBytes === 2 ? 126 : 127;
  header[1] = (mask === undefined ? 0 : 0x80) | short;
  if (lengthBytes === 2) header.writeUInt16BE(Number(declared), 2);
  if (lengthBytes === 8) header.writeBigUInt64BE(declared, 2);
  const masked = payload.map((byte, index) => byte ^ (mask?.[index % 4] ?? 0));
  return Buffer.concat([header, mask ?? Buffer.alloc(0), masked]);
}
