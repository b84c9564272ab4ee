/** What a client says in its handshake. */
export interface HandshakeOptions {
  /** Headers of the request, beside those of the handshake itself. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the client offers, in its order. */
  readonly subprotocols?: readonly string[] | undefined;
  /** Cookies by name; they are percent-encoded. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** The page's origin, as a browser sends it; none by default. */
  readonly origin?: string | undefined;
  /** Whether compression is offered; `false` by default. */
  readonly perMessageDeflate?: boolean | undefined;
}

/** Is told what comes to a client. */
export interface ClientListener {
  /** A whole message; bytes are memory of their own. */
  message(data: string | Uint8Array): void;
  /** The connection is over; 1006 where it ended without a close frame. */
  ended(code: number, reason: string): void;
}

/** A client whose handshake was accepted. */
export interface Client {
  /** `""` where none was selected. */
  readonly subprotocol: string;
  readonly headers: Headers;
  /** Resolves when the socket has taken the message. */
  send(data: string | Uint8Array): Promise<void>;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
  /** Destroys the socket, as a crash would. */
  terminate(): void;
  /** Puts bytes on the wire, past the protocol. */
  write(bytes: Uint8Array): void;
}
