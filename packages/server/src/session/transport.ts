import type { CloseInfo, HeaderList, WebSocketSendEvent } from "@ws/events";

/** What the session core needs of a handshake that has not been answered, and of a response that refuses it. */
export interface Handshake {
  /** Sets the listener. It must be called in the turn in which the handshake came. */
  listen(listener: TransportListener): void;
  /** Completes the handshake; `undefined` where the socket is gone. */
  accept(subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined;
  /** Refuses the handshake with a complete response, after which the socket is closed. */
  refuse(status: number, headers: HeaderList): void;
  /** Begins a response that refuses the handshake; its body follows in parts. */
  respond(status: number, headers: HeaderList): void;
  respondBody(body: Uint8Array, more: boolean): void;
  /** Bytes of the response that the kernel has not taken; infinite where it will not take any more. */
  readonly buffered: number;
  /** Destroys the socket at once. */
  terminate(): void;
}

/** What the session core needs of a socket whose handshake is complete. */
export interface OpenSocket {
  /** Frames a message and hands it to the socket by the end of this tick. */
  send(event: WebSocketSendEvent): void;
  /** Bytes that were sent and that the kernel has not taken; infinite where it will not take any more. */
  readonly buffered: number;
  /** Asks for a call of `drained` when the kernel has next taken something. */
  awaitDrain(): void;
  /** How many bytes have come from the peer since the handshake. An increase shows that the peer is alive. */
  readonly received: number;
  /** The number of the message or control frame that has begun and is not complete; 0 where there is none. */
  readonly unfinished: number;
  ping(): void;
  /** Asks the kernel whether it has lost the peer, and sends nothing. If it has, `ended` is called. */
  probe(): void;
  /** Sends what is pending, then a close frame. The transport waits for the peer's answer. */
  close(code: number, reason: string): void;
  /** Stops reading after the message that was delivered last. */
  pause(): void;
  resume(): void;
  /** Destroys the socket at once. */
  terminate(): void;
}

/** What a transport reports to the session core. */
export interface TransportListener {
  /** A complete text; `bytes` is its length in UTF-8. */
  text(text: string, bytes: number): void;
  /** A complete binary message, in memory that nobody else uses. */
  binary(bytes: Uint8Array): void;
  /** The kernel has taken bytes, and `buffered` is smaller now. It may be called without a request. */
  drained(): void;
  /**
   * The peer broke the protocol: nothing more is read from it, and it is to be closed with `code`. `reason` is for our own
   * side.
   */
  breached(code: number, reason: string): void;
  /** The peer has closed the connection, or is lost. */
  ended(info: CloseInfo): void;
  /** The socket is closed; this is the last call. */
  released(): void;
}
