import type { AllowedHosts, AllowedOrigins } from "@ws/events";
import type { LoggerOption } from "../logging/resolve-logger.js";
import type { Limits } from "../session/limits.js";
import type { Logger } from "../session/logger.js";
import type { DeflateOptions } from "./deflate-options.js";
import type { ListenOptions } from "./listen-options.js";

/** What bounds and guards a server. */
export interface ConnectionOptions extends Limits {
  /** The most handshakes of a process that await their answer. Above: 503. It has a `Retry-After`. 1,000 by default. */
  readonly maxPendingHandshakes: number;
  /** The most WebSocket connections of a process. Above: 503. It has a `Retry-After`. Unlimited by default. */
  readonly maxConnections: number;
  /** The most header lines of a request. Above: 431. 128 by default. */
  readonly maxHeaders: number;
  /** The longest request target. Above: 414. In bytes; 8 KiB by default. */
  readonly maxTarget: number;
  /**
   * Whether messages are compressed (RFC 7692): on, off, or an object of parameters. On: from 1,024 bytes on, no context
   * kept on either side, `memLevel` 7, 10 messages at once. What is inflated above `maxPayload` is closed with 1009. Off by
   * default.
   */
  readonly perMessageDeflate: boolean | DeflateOptions;
  /**
   * Whose pages may connect; "*" is all. A list, or a function in code. Else: 403. A request without an `Origin` is let in.
   * `["same-host"]` by default.
   */
  readonly allowedOrigins: AllowedOrigins;
  /** The hosts that are answered for, such as example.com and .example.org; "*" is all. Else: 421. `"*"` by default. */
  readonly allowedHosts: AllowedHosts;
  /**
   * The proxies whose headers are believed: addresses, CIDR ranges, and "unix" for one on a unix socket. The headers are
   * `X-Forwarded-…` and `Forwarded`. None by default.
   */
  readonly trustedProxies: readonly string[];
  /**
   * Headers that trusted proxies alone may set, such as x-user-id. They are taken out of the requests of all others. None by
   * default.
   */
  readonly proxyHeaders: readonly string[];
  /** Where the application is mounted, without a trailing slash. `""` by default. */
  readonly rootPath: string;
  /** How long the lifespan's start-up may take. Then: the start fails. In ms; 60 s by default. */
  readonly startupTimeout: number;
  /**
   * Where warnings, errors and what else there is to say go; `false` is nowhere. By default warnings and errors go to
   * standard error.
   */
  readonly logger: LoggerOption;
}

/** The options of a server, with every default filled in. */
export interface ResolvedOptions extends ConnectionOptions {
  readonly logger: Logger;
}

export interface ServeOptions extends Partial<ConnectionOptions>, Partial<ListenOptions> {}

/** How to close a server. */
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
