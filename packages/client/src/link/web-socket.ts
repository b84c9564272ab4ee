/** What may be sent in one message. */
export type Data = string | Uint8Array<ArrayBuffer>;

/**
 * The part of the DOM's `WebSocket` that a client uses. The class of the package `ws` has it too. The handlers are written and
 * never read, so their types are left open.
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

/** A class of sockets: the platform's own, `ws` on Node 20, or one of your own that sets headers. */
export type WebSocketConstructor = new (url: string | URL, protocols?: string[]) => WebSocketLike;
