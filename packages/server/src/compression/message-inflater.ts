import { constants, inflateRaw, inflateRawSync, type ZlibOptions } from "node:zlib";
import { type Breach, breaches } from "@ws/protocol";
import { compact, type Inflated, type Inflater, tail } from "./inflater.js";
import type { TaskLimit } from "./task-limit.js";

/** A message of up to `compressed` bytes is decompressed at once, as long as the result has at most `inflated` bytes. */
const maxAtOnce = { compressed: 16_384, inflated: 65_536 };

/** How the messages of one server are decompressed. */
export interface InflateSettings {
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  readonly zlibInflateOptions: ZlibOptions | undefined;
  readonly limit: TaskLimit;
}

/** The rule that the peer broke, by the error of zlib. */
export function breachOf(error: Error & { readonly code?: string }): Breach {
  if (error.code === "ERR_BUFFER_TOO_LARGE") return breaches.tooBig;
  const { code, reason } = breaches.notDeflate;
  return { code, reason: `${reason}: ${error.message}` };
}

/**
 * Decompresses messages that do not refer to earlier ones. It keeps no context, so one is shared by all connections of a
 * server. A small message is done when the call returns, because passing it to zlib's threads and back would cost more than
 * decompressing it. A message that turns out to be large is handed to the threads, however small it was on the wire.
 */
export class MessageInflater implements Inflater {
  readonly #settings: InflateSettings;

  constructor(settings: InflateSettings) {
    this.#settings = settings;
  }

  inflate(payload: Uint8Array, callback: (result: Inflated) => void): void {
    const { maxPayload, zlibInflateOptions, limit } = this.#settings;
    const whole = Buffer.concat([payload, tail]);
    const options = { ...zlibInflateOptions, finishFlush: constants.Z_SYNC_FLUSH };
    if (payload.length <= maxAtOnce.compressed) {
      const maxOutputLength = Math.min(maxPayload, maxAtOnce.inflated);
      const result = attempt(() => inflateRawSync(whole, { ...options, maxOutputLength }));
      if (result !== breaches.tooBig || maxOutputLength === maxPayload) return callback(result);
    }
    limit.run((done) => {
      inflateRaw(whole, { ...options, maxOutputLength: maxPayload }, (error, data) => {
        done();
        callback(error === null ? compact(data) : breachOf(error));
      });
    });
  }

  close(): void {}
}

function attempt(work: () => Buffer): Inflated {
  try {
    return compact(work());
  } catch (error) {
    return breachOf(error as Error);
  }
}
