import type { WebSocketLike } from "./web-socket.js";

/**
 * One socket, from the attempt to connect to its end. Everything that is known of a connection is stored here, and dropped
 * with it.
 */
export interface Wire {
  /** The socket. It is there once the attempt has its address. */
  socket?: WebSocketLike | undefined;
  /** Aborted together with the attempt, where something is fetched first. */
  fetching?: AbortController;
  /**
   * The only timer of a connection: first for the end of its attempt, then for its next sign of life, and at last for its
   * removal.
   */
  timer?: ReturnType<typeof setTimeout> | undefined;
  /** When that timer fires, as in `Date.now()`. */
  due: number;
  /** When anything came last, as in `Date.now()`. */
  heard: number;
  /** The number of the last request for a sign of life, which grows with each; 0 after the answer. */
  asked: number;
  /** Until when the clients of the server should spread their attempts to reconnect, as in `Date.now()`. */
  spreadUntil: number;
  /** How many messages the socket took, and how many of them a later reply has confirmed. */
  sent: number;
  confirmed: number;
}

/** Whether the socket takes messages. A socket that is closing takes them as well, and loses them. */
export function isOpen(wire: Wire | undefined): wire is Wire & { readonly socket: WebSocketLike } {
  return wire?.socket?.readyState === 1;
}
