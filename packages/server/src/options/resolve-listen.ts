import { maxTimerDelay } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import type { ListenOptions } from "./listen-options.js";
import { listenRows } from "./listen-rows.js";
import { defaultsOf } from "./option-row.js";
import { checkRange, checkRanges } from "./range.js";

/** The defaults. That of `maxSockets` depends on the process. */
export const listenDefaults: ListenOptions = defaultsOf(listenRows);

/** All rows except that of `headersTimeout`: the head is a part of the request, so its range depends on `requestTimeout`. */
const { headersTimeout: _head, ...otherRows } = listenRows;

const switches = ["listen", "directHandshakes", "proxyProtocol"] as const;

/** Options as callers may give them: any of them may be missing or undefined. */
type Given<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/**
 * Fills in the defaults of the options of listening, and ignores all others.
 *
 * @throws {TypeError} for a value out of range. Node itself checks host, port and path.
 */
export function resolveListen(given: Given<ListenOptions>): ListenOptions {
  const known = Object.entries(given).filter(
    ([name, value]) => Object.hasOwn(listenDefaults, name) && value !== undefined,
  );
  const options: ListenOptions = { ...listenDefaults, ...Object.fromEntries(known) };
  checkRanges(otherRows, options);
  for (const name of switches) {
    if (typeof options[name] === "boolean") continue;
    throw new TypeError(`options.${name}: expected true or false, got ${describeValue(options[name])}`);
  }
  const { fd, headersTimeout, path, requestTimeout } = options;
  if (fd !== undefined && path !== undefined) {
    throw new TypeError("options.fd: expected one place to listen at, got both fd and path");
  }
  checkProxyProtocol(options);
  const longest = requestTimeout === 0 ? maxTimerDelay : requestTimeout;
  if (given.headersTimeout === undefined) {
    return { ...options, headersTimeout: Math.min(headersTimeout, longest) };
  }
  checkRange("headersTimeout", headersTimeout, [1, longest]);
  return options;
}

function checkProxyProtocol({ proxyProtocol, path, tls }: ListenOptions): void {
  if (proxyProtocol && path !== undefined && tls !== undefined) {
    throw new TypeError("options.proxyProtocol: expected no TLS on a unix socket, got both path and tls");
  }
}

/** The options that are not about listening. */
export function otherOptions<Options extends Partial<ListenOptions>>(
  given: Options,
): Omit<Options, keyof ListenOptions> {
  const others = Object.entries(given).filter(([name]) => !Object.hasOwn(listenDefaults, name));
  return Object.fromEntries(others) as Omit<Options, keyof ListenOptions>;
}
