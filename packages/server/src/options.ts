import type { ServerOptions as TlsOptions } from "node:https";
import { type AllowedOrigins, maxTimerDelay } from "@ws/events";
import type { DeflateOptions } from "./deflate-options.js";
import { type Logger, silent } from "./logger.js";

/** What bounds a connection; every number that limits something stands here once. */
export interface Limits {
  /** The longest message, in bytes, after decompression. Above: close 1009. */
  readonly maxPayload: number;
  /** The most fragments of one message. Above: close 1008. */
  readonly maxFragments: number;
  /** What is held while the application doesn't receive; then the socket is paused, and resumed at half. */
  readonly receiveQueue: { readonly messages: number; readonly bytes: number };
  /** How long the application may leave its peer paused, in ms; 0 for ever. Then: close 1008. */
  readonly receiveTimeout: number;
  /** The high-water mark of what was sent, in bytes: above it, `send` waits. */
  readonly sendBuffer: number;
  /** How long the buffer may stay above its mark, in ms. Then: close 1013. */
  readonly sendTimeout: number;
  /** How often the peer is asked for a sign of life, in ms; 0 never. */
  readonly pingInterval: number;
  /** How long it may take to give one, in ms. Then: close 1011. */
  readonly pingTimeout: number;
  /** How long one message may take from its first byte to its last, in ms; 0 for ever. Then: close 1008. */
  readonly messageTimeout: number;
  /** How long the application may take to answer the handshake, in ms. Then: 503. */
  readonly acceptTimeout: number;
  /** How long the peer may take to answer a close frame, in ms. */
  readonly closeTimeout: number;
}

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
  /** Addresses and CIDR ranges of the proxies whose `X-Forwarded-…` is believed; none by default. */
  readonly trustedProxies: readonly string[];
  /** Headers that trusted proxies alone may set, as `x-user-id`; taken out of the requests of all others. */
  readonly proxyHeaders: readonly string[];
  /** Where the application is mounted, without a trailing slash. */
  readonly rootPath: string;
  /** How long the lifespan's start-up may take, in ms. */
  readonly startupTimeout: number;
  readonly logger: Logger;
}

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** A unix socket's path, in place of host and port. */
  readonly path?: string | undefined;
  /** How long a request's head may take to come, from the connection's first moment on, in ms. Then: 408. */
  readonly headersTimeout: number;
  /** Node's TLS options (`key`, `cert` …): the server then speaks https and wss. */
  readonly tls?: TlsOptions | undefined;
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
  /** Ends the grace early. */
  readonly signal?: AbortSignal;
}

const mebibyte = 1_048_576;

export const defaults: ConnectionOptions = {
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
  trustedProxies: [],
  proxyHeaders: [],
  rootPath: "",
  startupTimeout: 60_000,
  logger: silent,
};

/** The smallest and largest legal value of each number. */
const ranges = {
  maxPayload: [1, 1024 * mebibyte],
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

/** @throws {TypeError} for a value that is no number in the range. */
export function checkRange(name: string, value: unknown, [low, high]: readonly [number, number]): void {
  if (typeof value === "number" && value >= low && value <= high) return;
  throw new TypeError(
    `options.${name}: expected a number from ${low} to ${high}, got ${String(value).slice(0, 64)}.` +
      " Sizes are in bytes, times in milliseconds.",
  );
}

/**
 * Puts the defaults under what was given of where to listen.
 *
 * @throws {TypeError} for a value out of range; Node judges host, port and path.
 */
export function resolveListen(
  given: {
    readonly [Name in keyof ListenOptions]?: ListenOptions[Name] | undefined;
  },
): ListenOptions {
  const { host = "127.0.0.1", port = 8000, headersTimeout = 10_000, path, tls } = given;
  // Node's own limit for the whole request is 300 s, and it refuses a longer one for the head.
  checkRange("headersTimeout", headersTimeout, [1, 300_000]);
  return { host, port, headersTimeout, path, tls };
}

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
export function resolveOptions(given: Partial<ConnectionOptions>): ConnectionOptions {
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
  return options;
}
