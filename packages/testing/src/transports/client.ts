/** Options of a client's handshake. */
export interface HandshakeOptions {
  /** Headers of the request, in addition to those of the handshake itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The subprotocols that the client offers, in this order. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Cookies by name; they are percent-encoded. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** The origin of a page, as a browser sends it; none by default. */
  readonly origin?: string | undefined;
  /** Whether compression is offered; `false` by default. */
  readonly perMessageDeflate?: boolean | undefined;
}

/** Is told what happens to a client. */
export interface ClientListener {
  /** A complete message; bytes are in memory of their own. */
  message(data: string | Uint8Array): void;
  /** The connection has ended, with 1006 where there was no close frame. */
  ended(code: number, reason: string): void;
}

/** A client whose handshake was accepted. */
export interface Client {
  /** The selected subprotocol; `""` for none. */
  readonly subprotocol: string;
  readonly headers: Headers;
  /** Resolves when the socket has taken the message. */
  send(data: string | Uint8Array): Promise<void>;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
  /** Destroys the socket, as a crash would. */
  terminate(): void;
  /** Writes bytes to the socket, bypassing the protocol. */
  write(bytes: Uint8Array): void;
}
