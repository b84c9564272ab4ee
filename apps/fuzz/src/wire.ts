import { readHeader } from "./header.js";

/** What a server sent, as far as it is frames. */
export interface Wire {
  readonly pongs: readonly Buffer[];
  /** Texts and bytes, each behind its opcode. */
  readonly messages: readonly { readonly opcode: number; readonly payload: Buffer }[];
  /** The close frame's code; 1005 where it has none, `undefined` where none came. */
  readonly code: number | undefined;
  /** What is wrong with it. */
  readonly problem: string | undefined;
}

/** Reads the frames of a server: whole, final, unmasked, and nothing behind the close. RFC 6455 §5.1, §5.5.1. */
export function readWire(bytes: Buffer): Wire {
  const pongs: Buffer[] = [];
  const messages: { opcode: number; payload: Buffer }[] = [];
  let code: number | undefined;
  for (let at = 0; at < bytes.length; ) {
    const header = readHeader(bytes, at);
    if (code !== undefined) return { pongs, messages, code, problem: "bytes behind the close frame" };
    if (header === undefined || header.end > bytes.length)
      return { pongs, messages, code, problem: "a frame is cut" };
    const { opcode, start, end, isFinal, isMasked, rsv } = header;
    if (!isFinal || isMasked || rsv !== 0)
      return { pongs, messages, code, problem: `a frame with wrong bits at ${at}` };
    const payload = bytes.subarray(start, end);
    if (opcode === 8) code = payload.length === 0 ? 1005 : payload.readUInt16BE(0);
    else if (opcode === 10) pongs.push(payload);
    else messages.push({ opcode, payload });
    at = end;
  }
  return { pongs, messages, code, problem: undefined };
}
