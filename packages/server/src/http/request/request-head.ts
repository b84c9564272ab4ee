import { type HeaderList, headerValues, parseHost } from "@ws/events";
import type { ConnectionOptions } from "../../options/options.js";
import { HeaderInterner } from "./header-interner.js";
import { detailsOf } from "./proxy-hint.js";
import type { ReceivedRequest } from "./received-request.js";
import { Rejection } from "./rejection.js";
import { parseTarget, type Target } from "./target.js";

/** The parts that every request has, read once. */
export interface RequestHead {
  readonly method: string;
  readonly target: Target;
  readonly headers: HeaderList;
}

/** All servers of the process share one, because their clients send the same headers. */
const headerInterner: HeaderInterner = new HeaderInterner();

/** Whether there is exactly one well-formed Host; in HTTP/1.0 there may be none. RFC 9112 §3.2. */
function hasGoodHost(headers: HeaderList, httpVersion: string): boolean {
  const hosts = headerValues(headers, "host");
  if (hosts.length === 0) return httpVersion === "1.0";
  return hosts.length === 1 && parseHost(String(hosts[0])) !== undefined;
}

/** Reads and checks the parts that handshakes and ordinary requests have in common. */
export function readHead(request: ReceivedRequest, options: ConnectionOptions): RequestHead | Rejection {
  const { rawHeaders, url = "", method = "GET", httpVersion } = request;
  // Node drops header lines beyond its own limit without reporting it. Our limit is far below that one.
  if (rawHeaders.length / 2 > options.maxHeaders) return new Rejection(431, "too many header lines");
  if (url.length > options.maxTarget) return new Rejection(414, "request target too long");
  const target = parseTarget(url);
  if (target === undefined) return new Rejection(400, "request target that cannot be decoded");
  const headers = headerInterner.read(rawHeaders);
  if (!hasGoodHost(headers, httpVersion)) {
    return new Rejection(400, "bad Host", [], detailsOf(headers, undefined));
  }
  return { method, target, headers };
}
