/** What may be sent as one message. */
export type Data = string | Uint8Array<ArrayBuffer>;

/**
 * The part of the DOM's `WebSocket` that a client uses. The class of the package `ws` has it as well. The handlers are only
 * written and never read, so their types are left open.
 */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  readonly readyState: number;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(data: Data): void;
  close(code?: number, reason?: string): void;
}

/** A class of sockets: that of the platform, that of `ws` on Node 20, or your own class that sets headers. */
export type WebSocketConstructor = new (url: string | URL, protocols?: string[]) => WebSocketLike;
