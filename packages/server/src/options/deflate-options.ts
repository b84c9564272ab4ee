import type { ZlibOptions } from "node:zlib";
import { checkRange } from "./range.js";

/** permessage-deflate, RFC 7692. The names are those of `ws`. */
export interface DeflateOptions {
  /** Below so many bytes a message goes as it is, unless contexts are kept; 1,024 by default. */
  readonly threshold?: number | undefined;
  /**
   * Whether each message to a client is compressed by itself: true by default. Only then is a prepared message compressed
   * once for all. False keeps 64 to 256 KiB of context for each connection.
   */
  readonly serverNoContextTakeover?: boolean | undefined;
  /** The same of messages from a client; true by default. */
  readonly clientNoContextTakeover?: boolean | undefined;
  /** The largest window to compress with, as a power of two from 8 to 15; false refuses a client's wish for one. */
  readonly serverMaxWindowBits?: number | boolean | undefined;
  /** The same of messages from a client, who must offer to be told. */
  readonly clientMaxWindowBits?: number | boolean | undefined;
  /** How many messages are compressed or inflated at once by the threads of the process; 10 by default. */
  readonly concurrencyLimit?: number | undefined;
  /** For zlib; `memLevel` is 7 by default. */
  readonly zlibDeflateOptions?: ZlibOptions | undefined;
  /** For zlib, when it inflates. */
  readonly zlibInflateOptions?: ZlibOptions | undefined;
}

/** The options with their defaults. */
export interface DeflateSettings extends DeflateOptions {
  readonly threshold: number;
  readonly concurrencyLimit: number;
  readonly zlibDeflateOptions: ZlibOptions;
}

const defaults: DeflateSettings = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  concurrencyLimit: 10,
  zlibDeflateOptions: { memLevel: 7 },
};

const known: readonly string[] = [
  ...Object.keys(defaults),
  "serverMaxWindowBits",
  "clientMaxWindowBits",
  "zlibInflateOptions",
];

/** A limit whose name is misspelt would not hold. */
function check(given: unknown): asserts given is DeflateOptions {
  if (typeof given !== "object" || given === null) {
    const got = String(given).slice(0, 64);
    throw new TypeError(`options.perMessageDeflate: expected true, false or an object, got ${got}`);
  }
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new TypeError(
      `options.perMessageDeflate: expected ${known.join(", ")}, got ${name.slice(0, 64)}. Is it misspelt?`,
    );
  }
}

function checkWindow(name: "serverMaxWindowBits" | "clientMaxWindowBits", value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") {
    checkRange(`perMessageDeflate.${name}`, value, [8, 15]);
  }
}

/**
 * Puts the defaults under what was given; `false` where there is no compression.
 *
 * @throws {TypeError} for a name that is no parameter, or a value out of range.
 */
export function deflateSettings(given: boolean | DeflateOptions): DeflateSettings | false {
  if (given === false) return false;
  if (given === true) return defaults;
  check(given);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const settings: DeflateSettings = { ...defaults, ...Object.fromEntries(entries) };
  checkRange("perMessageDeflate.threshold", settings.threshold, [0, Number.POSITIVE_INFINITY]);
  checkRange("perMessageDeflate.concurrencyLimit", settings.concurrencyLimit, [1, Number.POSITIVE_INFINITY]);
  checkWindow("serverMaxWindowBits", settings.serverMaxWindowBits);
  checkWindow("clientMaxWindowBits", settings.clientMaxWindowBits);
  // An empty message can't be made smaller.
  return settings.threshold >= 1 ? settings : { ...settings, threshold: 1 };
}
