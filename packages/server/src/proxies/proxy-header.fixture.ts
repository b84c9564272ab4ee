const signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

/** A PROXY protocol header of version 2, its bytes as they are given. */
export function headerOfVersion2(command: number, family: number, block: readonly number[]): Buffer {
  return Buffer.from([...signature, command, family, block.length >> 8, block.length & 0xff, ...block]);
}

/** The bytes behind a good signature. */
export function readable(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...signature, ...bytes]);
}
