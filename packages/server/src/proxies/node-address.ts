import { isIP, isIPv6 } from "node:net";
import type { Address } from "@ws/events";

/** The content of a quoted-string (RFC 9110 §5.6.4), or the text itself where it has no quotes. */
export function unquote(text: string): string {
  const quoted = /^"(.*)"$/.exec(text.trim());
  return quoted?.[1] === undefined ? text.trim() : quoted[1].replace(/\\(.)/g, "$1");
}

/** A port of RFC 7239 §6. A hidden (`_x`) or an empty one counts as 0. */
function readPort(text: string): number | undefined {
  if (text === "" || /^_[A-Za-z0-9._-]+$/.test(text)) return 0;
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

/**
 * Reads one node of `X-Forwarded-For` or of `for` in `Forwarded`: an IP address, with or without quotes and a port; an IPv6
 * address with a port stands in brackets. It gives `undefined` for anything else, such as `unknown` or `_hidden`, and never
 * throws. RFC 7239 §6.
 *
 * @returns the address, with port 0 where none was given.
 */
export function parseNode(text: string): Address | undefined {
  const node = unquote(text);
  if (isIP(node) !== 0) return { host: node, port: 0 };
  const [, bracketed, plain, rest = ""] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(node) ?? [];
  const host = bracketed ?? plain ?? "";
  const isAddress = bracketed === undefined ? isIP(host) === 4 : isIPv6(host);
  const port = readPort(rest);
  return isAddress && port !== undefined ? { host, port } : undefined;
}
