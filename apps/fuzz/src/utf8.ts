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

/**
 * Judges bytes after the grammar of RFC 3629 §4: `whole` characters, or whole ones and the `beginning` of one more, or
 * `none` of UTF-8.
 */
function judge(bytes: Uint8Array): "whole" | "beginning" | "none" {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lengthOf(lead);
    if (length === 0) return "none";
    for (let place = 1; place < length; place += 1) {
      if (at + place === bytes.length) return "beginning";
      const [low, high] = (place === 1 ? narrowed[lead] : undefined) ?? [0x80, 0xbf];
      const byte = bytes[at + place] ?? 0;
      if (byte < low || byte > high) return "none";
    }
    at += length;
  }
  return "whole";
}

/** Whether bytes are whole characters of UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  return judge(bytes) === "whole";
}

/** Whether a text may begin with these bytes. */
export function isUtf8Beginning(bytes: Uint8Array): boolean {
  return judge(bytes) !== "none";
}
