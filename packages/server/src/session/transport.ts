import type { CloseInfo, HeaderList, WebSocketSendEvent } from "@ws/events";

/** What the session core needs of a handshake that has no answer yet, and of a response that refuses it. */
export interface Handshake {
  /** Names the one who is told what happens; to be called in the turn in which the handshake came. */
  listen(listener: TransportListener): void;
  /** Completes the handshake. `undefined` where the socket is gone. */
  accept(subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined;
  /** Refuses the handshake: a whole response, after which the socket is closed. */
  refuse(status: number, headers: HeaderList): void;
  /** Refuses the handshake with a response that comes in parts. */
  respond(status: number, headers: HeaderList): void;
  respondBody(body: Uint8Array, more: boolean): void;
  /** Bytes of the response that the kernel has not taken; infinite where it will take none of them any more. */
  readonly buffered: number;
  /** Destroys the socket at once. */
  terminate(): void;
}

/** What the session core needs of a socket whose handshake is complete. */
export interface OpenSocket {
  /** Frames a message and hands it to the socket by the end of this tick. */
  send(event: WebSocketSendEvent): void;
  /** Bytes handed over that the kernel has not taken; infinite where it will take none of them any more. */
  readonly buffered: number;
  /** Asks to be told, by `drained`, when it has next taken something. */
  awaitDrain(): void;
  /** Bytes that came from the peer since the handshake; that they grew is a sign of life. */
  readonly received: number;
  /** Identifies the message, or else the control frame, that has begun and is not whole; 0 where there is none. */
  readonly unfinished: number;
  ping(): void;
  /** Asks the kernel whether it has lost the peer, and sends nothing; if it has, `ended` follows. */
  probe(): void;
  /** Sends what is pending, then a close frame; the peer's answer is awaited by the transport. */
  close(code: number, reason: string): void;
  /** Stops reading behind the message that was told last. */
  pause(): void;
  resume(): void;
  /** Destroys the socket at once. */
  terminate(): void;
}

/** What a transport tells the session core. */
export interface TransportListener {
  /** A whole text; `bytes` is its length in UTF-8. */
  text(text: string, bytes: number): void;
  /** A whole binary message: memory of its own, or a part of what was read, which nobody else uses. */
  binary(bytes: Uint8Array): void;
  /** Bytes were taken by the kernel, and `buffered` is smaller now; it may be told unasked. */
  drained(): void;
  /**
   * The peer is in breach of the protocol: nothing more is read of it, and it is to be closed with `code`. `reason` is for
   * our own side.
   */
  breached(code: number, reason: string): void;
  /** The peer closed, or is lost. */
  ended(info: CloseInfo): void;
  /** The socket is closed; nothing follows. */
  released(): void;
}
