import { constants } from "node:buffer";
import { type AllowedHosts, type AllowedOrigins, maxTimerDelay } from "@ws/events";
import { type LoggerOption, resolveLogger } from "../logging/resolve-logger.js";
import { standardError } from "../logging/standard-error.js";
import type { Limits } from "../session/limits.js";
import type { Logger } from "../session/logger.js";
import type { DeflateOptions } from "./deflate-options.js";
import type { ListenOptions } from "./listen-options.js";
import { checkRange } from "./range.js";

/** What bounds and guards a server. */
export interface ConnectionOptions extends Limits {
  /** The most handshakes that await their answer. Above: 503. */
  readonly maxPendingHandshakes: number;
  /** The most connections that are open. Above: 503. */
  readonly maxConnections: number;
  /** The most header lines of a request. Above: 431. */
  readonly maxHeaders: number;
  /** The longest request target, in bytes. Above: 414. */
  readonly maxTarget: number;
  /** permessage-deflate, RFC 7692: off, on, or with parameters. */
  readonly perMessageDeflate: boolean | DeflateOptions;
  /** Whose pages may connect; a request without `Origin` may. Else: 403. */
  readonly allowedOrigins: AllowedOrigins;
  /** The hosts that are answered for, by name, as `["example.com", ".example.org"]`; `"*"` by default. Else: 421. */
  readonly allowedHosts: AllowedHosts;
  /**
   * Addresses and CIDR ranges of the proxies whose `X-Forwarded-…` or `Forwarded` is believed, and `"unix"` for one on a
   * unix socket; none by default.
   */
  readonly trustedProxies: readonly string[];
  /** Headers that trusted proxies alone may set, as `x-user-id`; taken out of the requests of all others. */
  readonly proxyHeaders: readonly string[];
  /** Where the application is mounted, without a trailing slash. */
  readonly rootPath: string;
  /** How long the lifespan's start-up may take, in ms. */
  readonly startupTimeout: number;
  /** Where warnings, errors and what else there is to say go; standard error by default, for `false` nowhere. */
  readonly logger: LoggerOption;
}

/** The options in full, as the server goes by them. */
export interface ResolvedOptions extends ConnectionOptions {
  readonly logger: Logger;
}

export interface ServeOptions extends Partial<ConnectionOptions>, Partial<ListenOptions> {}

/** How to stop. */
export interface CloseOptions {
  /** How long connections may take to end once they were closed, in ms; 10 s by default. */
  readonly grace?: number;
  /**
   * Over how many ms the closes are spread, in batches at random moments, so that the clients do not all come back at
   * once; the grace begins after it. 0, all at once, by default.
   */
  readonly drain?: { readonly window: number };
  /** The close code that open connections get; 1012 by default. */
  readonly code?: number;
  /** The reason in their close frames, of at most 123 bytes of UTF-8; empty by default. */
  readonly reason?: string;
  /** Ends the grace early. */
  readonly signal?: AbortSignal;
}

const mebibyte = 1_048_576;

export const defaults: ResolvedOptions = {
  maxPayload: mebibyte,
  maxFragments: 1024,
  receiveQueue: { messages: 32, bytes: mebibyte },
  receiveTimeout: 0,
  sendBuffer: mebibyte,
  sendTimeout: 30_000,
  pingInterval: 20_000,
  pingTimeout: 20_000,
  messageTimeout: 60_000,
  acceptTimeout: 10_000,
  closeTimeout: 5_000,
  maxPendingHandshakes: 1_000,
  maxConnections: Number.POSITIVE_INFINITY,
  maxHeaders: 128,
  maxTarget: 8_192,
  perMessageDeflate: false,
  allowedOrigins: ["same-host"],
  allowedHosts: "*",
  trustedProxies: [],
  proxyHeaders: [],
  rootPath: "",
  startupTimeout: 60_000,
  logger: standardError,
};

/** The smallest and largest legal value of each number. */
const ranges = {
  // A text becomes one string, and V8 cannot make a longer one. It has no more units than its UTF-8 has bytes.
  maxPayload: [1, constants.MAX_STRING_LENGTH],
  maxFragments: [1, Number.POSITIVE_INFINITY],
  receiveTimeout: [0, maxTimerDelay],
  sendBuffer: [0, Number.POSITIVE_INFINITY],
  sendTimeout: [1, maxTimerDelay],
  pingInterval: [0, maxTimerDelay],
  pingTimeout: [1, maxTimerDelay],
  messageTimeout: [0, maxTimerDelay],
  acceptTimeout: [1, maxTimerDelay],
  closeTimeout: [1, maxTimerDelay],
  maxPendingHandshakes: [1, Number.POSITIVE_INFINITY],
  maxConnections: [1, Number.POSITIVE_INFINITY],
  maxHeaders: [1, 1000],
  maxTarget: [1, 16_384],
  startupTimeout: [1, maxTimerDelay],
} as const;

/** A limit whose name is misspelt would not hold. */
function checkName(name: string): void {
  if (Object.hasOwn(defaults, name)) return;
  const known = Object.keys(defaults).join(", ");
  throw new TypeError(`options: expected ${known} and where to listen, got ${name.slice(0, 64)}`);
}

/**
 * Puts the defaults under what was given; a key that is undefined counts as not given.
 *
 * @throws {TypeError} for a name that is no option, or a value out of range, with the range.
 */
export function resolveOptions(given: Partial<ConnectionOptions>): ResolvedOptions {
  for (const name of Object.keys(given)) checkName(name);
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  const options: ConnectionOptions = { ...defaults, ...Object.fromEntries(known) };
  for (const [name, range] of Object.entries(ranges)) {
    checkRange(name, options[name as keyof typeof ranges], range);
  }
  checkRange("receiveQueue.messages", options.receiveQueue.messages, [1, Number.POSITIVE_INFINITY]);
  checkRange("receiveQueue.bytes", options.receiveQueue.bytes, [1, Number.POSITIVE_INFINITY]);
  if (options.rootPath !== "" && !/^\/.*[^/]$/.test(options.rootPath)) {
    throw new TypeError(
      `options.rootPath: expected "" or "/path" without a trailing slash, got "${options.rootPath.slice(0, 64)}"`,
    );
  }
  return { ...options, logger: resolveLogger(options.logger) };
}
