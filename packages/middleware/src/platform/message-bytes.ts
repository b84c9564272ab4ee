import type { Host } from "./host-buffer.js";

/** The beginning of a text may be U+FEFF: a message keeps it. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Bytes whose `toString` is their text, as it is of a `Buffer`: most code for `ws` calls nothing else. */
class MessageBytes extends Uint8Array {
  override toString(): string {
    return decodeText(this);
  }
}

/** The function that shows bytes as `ws` gives them to listeners: as a `Buffer` where the host has one. No copy is made. */
export function bytesOfHost(host: Host): (bytes: Uint8Array) => Uint8Array {
  const { Buffer: nodeBuffer } = host;
  if (nodeBuffer === undefined) {
    return ({ buffer, byteOffset, length }) => new MessageBytes(buffer as ArrayBuffer, byteOffset, length);
  }
  return ({ buffer, byteOffset, length }) => nodeBuffer.from(buffer, byteOffset, length);
}

export const messageBytes: (bytes: Uint8Array) => Uint8Array = bytesOfHost(globalThis as Host);
