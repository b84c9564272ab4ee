import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from "node:zlib";

/** How much of a body is looked at, in bytes. */
const enough = 1_024;
/** As many bytes without one that no text has are a text, and nothing that was compressed. */
const shortestText = 8;

function isText(start: Uint8Array): boolean {
  if (start.length < shortestText) return false;
  try {
    // Streaming: one that is cut off in the middle of a character is still a text.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
    return !/[^\P{Cc}\t\n\r]/u.test(text);
  } catch {
    return false;
  }
}

function beginsWith(...magic: readonly number[]): (start: Uint8Array) => boolean {
  return (start) => magic.every((byte, index) => index >= start.length || start[index] === byte);
}

type Decode = (start: Uint8Array, options: { finishFlush: number; maxOutputLength: number }) => unknown;

/** These have no magic number, or none that every sender writes: it is tried. */
function isDecodable(decode: Decode, finishFlush: number): (start: Uint8Array) => boolean {
  return (start) => {
    if (isText(start)) return false;
    try {
      decode(start, { finishFlush, maxOutputLength: 65_536 });
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    }
  };
}

const inflates = isDecodable(inflateSync, constants.Z_SYNC_FLUSH);
const inflatesRaw = isDecodable(inflateRawSync, constants.Z_SYNC_FLUSH);

/** How a body begins that has this content coding. RFC 9110 §8.4.1, RFC 8878 §3.1.1. */
const beginnings: Readonly<Record<string, (start: Uint8Array) => boolean>> = {
  gzip: beginsWith(0x1f, 0x8b),
  "x-gzip": beginsWith(0x1f, 0x8b),
  zstd: beginsWith(0x28, 0xb5, 0x2f, 0xfd),
  // Some senders leave the zlib wrapper out, and every browser takes that.
  deflate: (start) => inflates(start) || inflatesRaw(start),
  br: isDecodable(brotliDecompressSync, constants.BROTLI_OPERATION_FLUSH),
};

/**
 * Whether a body that begins with `start` can have this content coding; one that is not known here can. A coding
 * without a magic number may be taken for there by chance, and is never taken for missing where it is there.
 */
export function canBeEncoded(coding: string, start: Uint8Array): boolean {
  const test = Object.hasOwn(beginnings, coding) ? beginnings[coding] : undefined;
  return test === undefined || test(start.subarray(0, enough));
}
