import type { ZlibOptions } from "node:zlib";
import { checkRange } from "./range.js";

/** Options of permessage-deflate, RFC 7692. The names are those of `ws`. */
export interface DeflateOptions {
  /** A message of fewer bytes is sent uncompressed, unless contexts are kept; 1,024 by default. */
  readonly threshold?: number | undefined;
  /**
   * Whether each message to a client is compressed by itself: true by default. Only then is a prepared message compressed
   * once for all clients. False keeps a context of 64 to 256 KiB for each connection.
   */
  readonly serverNoContextTakeover?: boolean | undefined;
  /** Whether each message from a client is compressed by itself; true by default. */
  readonly clientNoContextTakeover?: boolean | undefined;
  /**
   * The largest window to compress with, as a power of two from 8 to 15; false declines a client's wish for a smaller one.
   */
  readonly serverMaxWindowBits?: number | boolean | undefined;
  /** The largest window that a client may compress with; it can be told only where the client offers that. */
  readonly clientMaxWindowBits?: number | boolean | undefined;
  /** How many messages the process's threads compress or inflate at the same time; 10 by default. */
  readonly concurrencyLimit?: number | undefined;
  /** Options of zlib for compressing; `memLevel` is 7 by default. */
  readonly zlibDeflateOptions?: ZlibOptions | undefined;
  /** Options of zlib for inflating. */
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

/** Checks the names and the values: a limit with a misspelt name would not be enforced. */
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
 * Fills in the defaults; `false` where compression is off.
 *
 * @throws {TypeError} for an unknown name, or a value out of range.
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
  // An empty message cannot be made smaller.
  return settings.threshold >= 1 ? settings : { ...settings, threshold: 1 };
}
