import { brotliDecompressSync, constants, inflateRawSync, inflateSync } from "node:zlib";

/** How much of a body is inspected, in bytes. */
const enough = 1_024;
/** A body with at least so many bytes, none of them a control character, is a text and was not compressed. */
const shortestText = 8;

function isText(start: Uint8Array): boolean {
  if (start.length < shortestText) return false;
  try {
    // `stream` allows the last character to be incomplete, as the beginning of a body may end anywhere.
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

/** Tests by decoding, for codings that have no magic number, or none that every sender writes. */
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

/** Tests whether the beginning of a body fits a content coding. RFC 9110 §8.4.1, RFC 8878 §3.1.1. */
const beginnings: Readonly<Record<string, (start: Uint8Array) => boolean>> = {
  gzip: beginsWith(0x1f, 0x8b),
  "x-gzip": beginsWith(0x1f, 0x8b),
  zstd: beginsWith(0x28, 0xb5, 0x2f, 0xfd),
  // Some senders leave the zlib wrapper out, and every browser accepts that.
  deflate: (start) => inflates(start) || inflatesRaw(start),
  br: isDecodable(brotliDecompressSync, constants.BROTLI_OPERATION_FLUSH),
};

/**
 * Whether a body that begins with `start` can have this content coding; it can where the coding is not known here. By chance
 * a plain body may look like one with a coding that has no magic number, but an encoded body is never taken for a plain one.
 */
export function canBeEncoded(coding: string, start: Uint8Array): boolean {
  const test = Object.hasOwn(beginnings, coding) ? beginnings[coding] : undefined;
  return test === undefined || test(start.subarray(0, enough));
}
