/** What may stand at the second place behind a leading byte, where it is less than 80 to BF. RFC 3629 §4. */
const narrowed: Readonly<Record<number, readonly [number, number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};

/** How many bytes a character takes that begins so; 0 where none may. RFC 3629 §4. */
function lengthOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Whether bytes are whole characters of UTF-8, after the grammar of RFC 3629 §4. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lengthOf(lead);
    if (length === 0 || at + length > bytes.length) return false;
    for (let place = 1; place < length; place += 1) {
      const [low, high] = (place === 1 ? narrowed[lead] : undefined) ?? [0x80, 0xbf];
      const byte = bytes[at + place] ?? 0;
      if (byte < low || byte > high) return false;
    }
    at += length;
  }
  return true;
}
