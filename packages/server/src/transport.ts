import type { CloseInfo, HeaderList, WebSocketSendEvent } from "@ws/events";

/** What the session core needs of a socket. Its calls are legal in the order of contract's lifecycle table alone. */
export interface Transport {
  /** Completes the handshake. `false` where the socket is gone. */
  accept(subprotocol: string | undefined, headers: HeaderList): boolean;
  /** Refuses the handshake: a whole response, after which the socket is closed. */
  refuse(status: number, headers: HeaderList): void;
  /** Refuses the handshake with a response that comes in parts. */
  respond(status: number, headers: HeaderList): void;
  respondBody(body: Uint8Array, more: boolean): void;
  /** Frames a message and hands it to the socket by the end of this tick. */
  send(event: WebSocketSendEvent): void;
  /** Bytes handed over that the kernel has not taken; infinite where it will take none of them any more. */
  readonly buffered: number;
  /** Asks to be told, by `drained`, when it has next taken something. */
  awaitDrain(): void;
  /** Bytes that came from the peer so far; that it grew is a sign of life. */
  readonly received: number;
  /** Whole messages that came so far. */
  readonly messages: number;
  /** Bytes that came so far and were no whole control frame. */
  readonly messageBytes: number;
  ping(): void;
  /** Asks the kernel whether it has lost the peer, and sends nothing; if it has, `ended` follows. */
  probe(): void;
  /** Sends what is pending, then a close frame; the peer's answer is awaited by the transport. */
  close(code: number, reason: string): void;
  /** Stops reading; what was read already may still arrive. */
  pause(): void;
  resume(): void;
  /** Destroys the socket at once. */
  terminate(): void;
}

/** What a transport tells the session core. */
export interface TransportListener {
  /** A whole message; a text is valid UTF-8. */
  message(data: Buffer, isText: boolean): void;
  /** Bytes were taken by the kernel, and `buffered` is smaller now; it may be told unasked. */
  drained(): void;
  /** The peer closed, broke the protocol, or is lost. */
  ended(info: CloseInfo): void;
  /** The socket is closed; nothing follows. */
  released(): void;
}
