import type { Host } from "./host-buffer.js";

const encoder = new TextEncoder();
const scratch = new Uint8Array(16_384);

/** Counts bytes by encoding into the same memory again and again, so that nothing is allocated. */
function encodedLength(text: string): number {
  let length = 0;
  let rest = text;
  while (rest !== "") {
    const { read, written } = encoder.encodeInto(rest, scratch);
    length += written;
    rest = rest.slice(read);
  }
  return length;
}

/** The function that counts the bytes of a text in UTF-8. Node's own function is up to five times as fast as the encoder. */
export function byteCounter(host: Host): (text: string) => number {
  return host.Buffer?.byteLength ?? encodedLength;
}

export const byteLength: (text: string) => number = byteCounter(globalThis as Host);
