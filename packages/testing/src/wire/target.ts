/** How a connection ended. */
export interface WireClose {
  readonly code: number;
  readonly reason: string;
}

/** One connection of a client. `TestSession` of this package has this interface. */
export interface WireSocket {
  /** The subprotocol that the server selected; `""` for none. */
  readonly subprotocol: string;
  sendText(text: string): unknown;
  sendBytes(bytes: Uint8Array): unknown;
  /** The next text message. It rejects where none comes in time, or the connection ends before. */
  receiveText(): Promise<string>;
  /** The next binary message. It rejects in the same cases. */
  receiveBytes(): Promise<Uint8Array>;
  /** Drops the connection without a close frame. */
  terminate(): void;
  readonly closed: Promise<WireClose>;
}

/** A server of the reference channel. */
export interface WireTarget {
  readonly name: string;
  /** Connects to a room; each room has its own state. It rejects where the handshake is refused. */
  open(room: string, subprotocols: readonly string[]): Promise<WireSocket>;
}

/** A JSON-RPC message without its version. */
export interface WireFrame {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}
