/** The number of slots in a cluster (Redis Cluster specification, "Key distribution model"). */
export const slotCount = 16_384;

/** CRC-16/XMODEM of the UTF-8 of a text. */
function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  }
  return crc & 0xffff;
}

/**
 * The slot of a key, or of a sharded channel. If it contains a hash tag, that alone decides, so that all names of a topic
 * are in one slot.
 */
export function slotOf(key: string): number {
  const begin = key.indexOf("{") + 1;
  const end = begin === 0 ? -1 : key.indexOf("}", begin);
  return crc16(end > begin ? key.slice(begin, end) : key) % slotCount;
}
