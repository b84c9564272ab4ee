/** A message of bytes, which is sent as a binary frame: `[length of the name: 1 byte][name: ASCII][payload]`. */
export interface BinaryMessage {
  readonly name: string;
  readonly payload: Uint8Array;
}

/**
 * Makes the binary frame of a message.
 *
 * @throws {RangeError} for a name that is empty, longer than 255 characters or not ASCII.
 */
export function joinBinary(name: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!/^[\x20-\x7e]{1,255}$/.test(name)) {
    throw new RangeError("expected the name of a binary message to be 1 to 255 characters of ASCII");
  }
  const frame = new Uint8Array(1 + name.length + payload.length);
  frame[0] = name.length;
  for (let at = 0; at < name.length; at += 1) frame[at + 1] = name.charCodeAt(at);
  frame.set(payload, 1 + name.length);
  return frame;
}

/** Reads the message in a binary frame; its payload is a part of that frame. It gives `undefined` for any other frame. */
export function splitBinary(frame: Uint8Array): BinaryMessage | undefined {
  const length = frame[0] ?? 0;
  if (length === 0 || frame.length <= length) return undefined;
  const name = String.fromCharCode(...frame.subarray(1, 1 + length));
  return { name, payload: frame.subarray(1 + length) };
}
