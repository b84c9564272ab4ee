import { isIP, isIPv6 } from "node:net";
import type { Address } from "@ws/events";

/** The text of an RFC 9110 quoted-string (§5.6.4), or the text itself where there are no quotes around it. */
export function unquote(text: string): string {
  const quoted = /^"(.*)"$/.exec(text.trim());
  return quoted?.[1] === undefined ? text.trim() : quoted[1].replace(/\\(.)/g, "$1");
}

/** A port of RFC 7239 §6; one that is hidden (`_x`) or empty is 0. */
function readPort(text: string): number | undefined {
  if (text === "" || /^_[A-Za-z0-9._-]+$/.test(text)) return 0;
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

/**
 * Reads one node of `X-Forwarded-For` or of `for` in `Forwarded`: an IP address, quoted or not, with a port or without;
 * with a port an IPv6 address stands in brackets. `undefined` for whatever else comes, such as `unknown` or `_hidden`;
 * never a throw. Source: RFC 7239 §6.
 *
 * @returns the address, with port 0 where none was told.
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
