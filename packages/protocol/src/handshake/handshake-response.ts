import type { HeaderList } from "@ws/events";
import { acceptKey } from "./accept-key.js";

/** The content of the answer to an opening handshake. */
export interface HandshakeAnswer {
  /** The client's `Sec-WebSocket-Key`, as it was sent. */
  readonly key: string;
  readonly subprotocol?: string | undefined;
  /** The value of `Sec-WebSocket-Extensions`. */
  readonly extensions?: string | undefined;
  /** Further headers, whose names and values must have been checked. Their names are written in lower case. */
  readonly headers?: HeaderList | undefined;
}

/**
 * Makes the head of the response that completes an opening handshake. Each character is a byte: header values are latin-1
 * (RFC 9110 §5.5). RFC 6455 §4.2.2.
 */
export function handshakeResponse({ key, subprotocol, extensions, headers = [] }: HandshakeAnswer): string {
  let head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptKey(key)}\r\n`;
  if (subprotocol !== undefined) head += `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
  if (extensions !== undefined) head += `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  for (const [name, value] of headers) head += `${name.toLowerCase()}: ${value}\r\n`;
  return `${head}\r\n`;
}
