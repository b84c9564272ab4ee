import type { Host } from "./host-buffer.js";

/** A message may begin with U+FEFF, which is part of its text. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Bytes whose `toString` gives their text, as that of a `Buffer` does. Most code for `ws` calls no other method of it. */
class MessageBytes extends Uint8Array {
  override toString(): string {
    return decodeText(this);
  }
}

/**
 * The function that turns bytes into what `ws` gives to listeners: a `Buffer` where the host has one. The bytes are not
 * copied.
 */
export function bytesOfHost(host: Host): (bytes: Uint8Array) => Uint8Array {
  const { Buffer: nodeBuffer } = host;
  if (nodeBuffer === undefined) {
    return ({ buffer, byteOffset, length }) => new MessageBytes(buffer as ArrayBuffer, byteOffset, length);
  }
  return ({ buffer, byteOffset, length }) => nodeBuffer.from(buffer, byteOffset, length);
}

export const messageBytes: (bytes: Uint8Array) => Uint8Array = bytesOfHost(globalThis as Host);
