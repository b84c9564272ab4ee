import { type HeaderList, headerValues, isToken } from "@ws/events";
import { headerItems } from "./header-items.js";
import { Rejection } from "./rejection.js";
import type { RequestHead } from "./request-head.js";

/** 16 bytes in base64. RFC 6455 §4.1 (7). */
const key = /^[+/0-9A-Za-z]{22}==$/;

const none: readonly string[] = Object.freeze([]);

/** All offers in order; `undefined` where the header is malformed or an offer comes twice. RFC 6455 §4.1 (10). */
function readSubprotocols(headers: HeaderList): readonly string[] | undefined {
  const offers = headerItems(headers, "sec-websocket-protocol");
  if (offers.length === 0) return none;
  return offers.every(isToken) && new Set(offers).size === offers.length ? offers : undefined;
}

/** Whether the request has a body. A handshake must have none, since its bytes would be read as frames. */
function hasBody(headers: HeaderList): boolean {
  const lengths = headerValues(headers, "content-length");
  return (
    lengths.some((length) => length.trim() !== "0") || headerValues(headers, "transfer-encoding").length > 0
  );
}

/** Checks an opening handshake and reads its subprotocols. RFC 6455 §4.2.1. */
export function readHandshake(
  { method, headers }: RequestHead,
  httpVersion: string,
): readonly string[] | Rejection {
  if (httpVersion !== "1.1") return new Rejection(400, "HTTP version other than 1.1");
  if (method !== "GET") return new Rejection(405, "method other than GET", [["allow", "GET"]]);
  const upgrade = headerItems(headers, "upgrade");
  if (upgrade.length !== 1 || upgrade[0]?.toLowerCase() !== "websocket") {
    return new Rejection(426, "upgrade to something else", [["upgrade", "websocket"]]);
  }
  const versions = headerValues(headers, "sec-websocket-version");
  if (versions.length !== 1 || versions[0] !== "13") {
    return new Rejection(426, "WebSocket version other than 13", [
      ["sec-websocket-version", "13"],
      ["upgrade", "websocket"],
    ]);
  }
  const keys = headerValues(headers, "sec-websocket-key");
  if (keys.length !== 1 || !key.test(String(keys[0]))) return new Rejection(400, "bad Sec-WebSocket-Key");
  if (hasBody(headers)) return new Rejection(400, "handshake with a body");
  const subprotocols = readSubprotocols(headers);
  return subprotocols ?? new Rejection(400, "bad Sec-WebSocket-Protocol");
}
