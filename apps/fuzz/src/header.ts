/** A frame's header, as far as it has come. RFC 6455 §5.2. */
export interface Header {
  readonly isFinal: boolean;
  /** The three reserved bits, as a number. */
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** The seven bits: a length, or 126 or 127. */
  readonly shortLength: number;
  /** The payload's length; `undefined` where its field is cut off. */
  readonly length: bigint | undefined;
  readonly mask: Buffer | undefined;
  /** Where the payload begins, and where it ends. */
  readonly start: number;
  readonly end: number;
}

function readLength(stream: Buffer, at: number, size: number): bigint | undefined {
  if (at + size > stream.length) return undefined;
  return size === 2 ? BigInt(stream.readUInt16BE(at)) : stream.readBigUInt64BE(at);
}

/** The header at `at`; `undefined` where not even its first two bytes are there. */
export function readHeader(stream: Buffer, at: number): Header | undefined {
  if (at + 2 > stream.length) return undefined;
  const first = stream.readUInt8(at);
  const second = stream.readUInt8(at + 1);
  const shortLength = second & 0x7f;
  const size = shortLength === 126 ? 2 : shortLength === 127 ? 8 : 0;
  const length = size === 0 ? BigInt(shortLength) : readLength(stream, at + 2, size);
  const isMasked = second >= 0x80;
  const maskAt = at + 2 + size;
  const start = maskAt + (isMasked ? 4 : 0);
  return {
    isFinal: first >= 0x80,
    rsv: (first >> 4) & 7,
    opcode: first & 0x0f,
    isMasked,
    shortLength,
    length,
    mask: isMasked && start <= stream.length ? stream.subarray(maskAt, start) : undefined,
    start,
    end: start + Number(length ?? 0n),
  };
}
