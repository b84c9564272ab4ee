import type { WebSocketLike } from "./web-socket.js";

/** One socket, from the attempt that makes it to its end. Whatever is known of a connection stands here, and goes with it. */
export interface Wire {
  /** There once the attempt has its address. */
  socket?: WebSocketLike | undefined;
  /** Aborted with the attempt, where it fetches something first. */
  fetching?: AbortController;
  /** The one timer of a connection: the end of its attempt, then its next sign of life, at last its farewell. */
  timer?: ReturnType<typeof setTimeout> | undefined;
  /** When that timer is due, as `Date.now()` has it. */
  due: number;
  /** When anything last came, as `Date.now()` has it. */
  heard: number;
  /** The sign of life that was last asked for, by a number that grows; 0 once it has come. */
  asked: number;
  /** Until when the server wants its clients spread, as `Date.now()` has it. */
  spreadUntil: number;
  /** How many messages it took, and how many of them a later reply has confirmed. */
  sent: number;
  confirmed: number;
}

/** Whether the socket takes messages. One that closes takes them too, and loses them. */
export function isOpen(wire: Wire | undefined): wire is Wire & { readonly socket: WebSocketLike } {
  return wire?.socket?.readyState === 1;
}
