/** FIN and the opcode. RFC 6455 §5.2. */
export const firstByte = { text: 0x81, binary: 0x82, close: 0x88, ping: 0x89, pong: 0x8a } as const;

/** Not zero, so that taking it off costs what it costs. The key of the RFC's examples. */
const key = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** The header of an unmasked frame. */
function header(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, length]);
  if (length < 65_536) return Buffer.from([first, 126, length >> 8, length & 0xff]);
  const long = Buffer.alloc(10);
  long[0] = first;
  long[1] = 127;
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

/** A frame as a server sends it. */
export function serverFrame(first: number, payload: Uint8Array): Buffer {
  return Buffer.concat([header(first, payload.length), payload]);
}

/** A frame as a client sends it, masked. */
export function clientFrame(first: number, payload: Uint8Array): Buffer {
  const head = header(first, payload.length);
  head[1] = 0x80 | (head[1] ?? 0);
  const masked = payload.map((byte, at) => byte ^ (key[at % 4] ?? 0));
  return Buffer.concat([head, key, masked]);
}

/** How long the header of a server's frame is, and its payload; undefined where that can't be told yet. */
export function measureFrame(buffer: Buffer, at: number, end: number): [number, number] | undefined {
  if (end - at < 2) return undefined;
  const length = buffer[at + 1] ?? 0;
  if (length < 126) return [2, length];
  if (length === 126) return end - at < 4 ? undefined : [4, buffer.readUInt16BE(at + 2)];
  return end - at < 10 ? undefined : [10, Number(buffer.readBigUInt64BE(at + 2))];
}
