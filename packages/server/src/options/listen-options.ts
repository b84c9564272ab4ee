import type { ServerOptions as TlsOptions } from "node:https";
import { maxTimerDelay } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import { checkRange } from "./range.js";

/** Where to listen, and how long a socket may take for one request after the other. */
export interface ListenOptions {
  /** The address to listen on; `"0.0.0.0"` or `"::"` for every address of the machine. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** A unix socket's path, in place of host and port. */
  readonly path?: string | undefined;
  /** A listening socket that the process has inherited, by its descriptor, in place of host and port: 3 from systemd. */
  readonly fd?: number | undefined;
  /**
   * Whether to listen at all; true by default. A server that does not listen serves the sockets that it is given by
   * `accept`, such as those that another process has accepted.
   */
  readonly listen: boolean;
  /** How many connections may wait in the kernel to be accepted; the system may bound it further. */
  readonly backlog: number;
  /** How long a request's head may take to come, from the connection's first moment on, in ms. Then: 408. */
  readonly headersTimeout: number;
  /** How long a whole request may take to come, with its body, in ms; 0 for ever. Then: 408, or cut off. */
  readonly requestTimeout: number;
  /** How long a connection may be idle between two requests, in ms. Then it is closed. */
  readonly keepAliveTimeout: number;
  /**
   * The most sockets that are open, whatever they do. Near it, the sockets that have been idle longest make room;
   * where none is idle, a new one is closed at once. By default what the process may have of descriptors, less a tenth
   * (64 at least, 1,024 at most).
   */
  readonly maxSockets?: number | undefined;
  /**
   * Whether each connection begins with a PROXY protocol header, version 1 or 2, which names its client. It is taken from
   * `trustedProxies` alone: whoever else connects, or sends none that is well-formed, is cut off. Off by default.
   */
  readonly proxyProtocol: boolean;
  /** Node's TLS options (`key`, `cert` …): the server then speaks https and wss. */
  readonly tls?: TlsOptions | undefined;
}

/** What holds where nothing else is said; that of `maxSockets` depends on the process. */
export const listenDefaults: ListenOptions = {
  host: "127.0.0.1",
  port: 8000,
  path: undefined,
  fd: undefined,
  listen: true,
  backlog: 511,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 5_000,
  maxSockets: undefined,
  proxyProtocol: false,
  tls: undefined,
};

/** What callers may give: any of it may be missing, or undefined. */
type Given<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** How much longer Node keeps a connection than it tells the client, in ms. */
const keepAliveMargin = 1_000;

/**
 * Puts the defaults under what was given of where to listen; other names are left alone.
 *
 * @throws {TypeError} for a value out of range; Node judges host, port and path.
 */
export function resolveListen(given: Given<ListenOptions>): ListenOptions {
  const known = Object.entries(given).filter(
    ([name, value]) => Object.hasOwn(listenDefaults, name) && value !== undefined,
  );
  const options: ListenOptions = { ...listenDefaults, ...Object.fromEntries(known) };
  const { backlog, fd, headersTimeout, keepAliveTimeout, listen, maxSockets, path, requestTimeout } = options;
  checkRange("backlog", backlog, [1, 65_535]);
  checkRange("requestTimeout", requestTimeout, [0, maxTimerDelay]);
  checkRange("keepAliveTimeout", keepAliveTimeout, [1, maxTimerDelay - keepAliveMargin]);
  if (maxSockets !== undefined) checkRange("maxSockets", maxSockets, [1, Number.POSITIVE_INFINITY]);
  if (fd !== undefined) checkRange("fd", fd, [0, 2_147_483_647]);
  if (fd !== undefined && path !== undefined) {
    throw new TypeError("options.fd: expected one place to listen at, got both fd and path");
  }
  if (typeof listen !== "boolean") {
    throw new TypeError(`options.listen: expected true or false, got ${describeValue(listen)}`);
  }
  checkProxyProtocol(options);
  // The head is a part of the request.
  const longest = requestTimeout === 0 ? maxTimerDelay : requestTimeout;
  if (given.headersTimeout === undefined) {
    return { ...options, headersTimeout: Math.min(headersTimeout, longest) };
  }
  checkRange("headersTimeout", headersTimeout, [1, longest]);
  return options;
}

function checkProxyProtocol({ proxyProtocol, path, tls }: ListenOptions): void {
  if (typeof proxyProtocol !== "boolean") {
    throw new TypeError(`options.proxyProtocol: expected true or false, got ${describeValue(proxyProtocol)}`);
  }
  if (proxyProtocol && path !== undefined && tls !== undefined) {
    throw new TypeError("options.proxyProtocol: expected no TLS on a unix socket, got both path and tls");
  }
}

/** The options that say nothing of where to listen. */
export function otherOptions<Options extends Partial<ListenOptions>>(
  given: Options,
): Omit<Options, keyof ListenOptions> {
  const others = Object.entries(given).filter(([name]) => !Object.hasOwn(listenDefaults, name));
  return Object.fromEntries(others) as Omit<Options, keyof ListenOptions>;
}
