import type { Socket } from "node:net";
import { CloseCode, type HeaderList, lostConnection, type WebSocketSendEvent } from "@ws/events";
import { ResponseFraming } from "../http/response/response-framing.js";
import type { Handshake, OpenSocket, TransportListener } from "../session/transport.js";
import { TcpKeepAlive } from "./tcp-keep-alive.js";

/** The public members of a socket of `ws` that are used here. */
export interface OpenWebSocket {
  readonly readyState: number;
  readonly protocol: string;
  readonly bufferedAmount: number;
  on(event: "message", listener: (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => void): unknown;
  on(event: "close", listener: (code: number, reason: Buffer) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  send(data: string | Uint8Array, done: (error?: Error) => void): void;
  ping(): void;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
  terminate(): void;
}

/** The value of `readyState` for an open connection. */
const open = 1;

/**
 * Closes a connection that would have been refused. Its handshake has been answered with 101 already, so a close code takes
 * the place of the status.
 */
export function closeInPlaceOf(status: number, webSocket: OpenWebSocket): void {
  const refusal = status >= 500 ? CloseCode.InternalError : CloseCode.PolicyViolation;
  webSocket.close(status === 503 ? CloseCode.TryAgainLater : refusal, `HTTP ${status}`);
  webSocket.resume();
}

function wholeOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/**
 * A connection whose handshake a server of `ws` has answered. Frames, limits and compression are those of that server. What
 * `ws` does not report is unknown here as well: when a message began, and that a close frame has come before the socket is
 * closed.
 */
export class AdoptedTransport implements Handshake, OpenSocket {
  readonly #webSocket: OpenWebSocket;
  readonly #socket: Socket;
  readonly #watch: TcpKeepAlive;
  readonly #onLostHeaders: () => void;
  #listener!: TransportListener;
  #isAccepted = false;
  /** The messages that came before the application accepted. They are those of one chunk at most. */
  readonly #early: (readonly [data: Buffer, isText: boolean])[] = [];
  /** The denial response that the application has begun. */
  #denial: { readonly status: number; readonly framing: ResponseFraming } | undefined;

  constructor(webSocket: OpenWebSocket, socket: Socket, onLostHeaders: () => void) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#watch = new TcpKeepAlive(socket);
    this.#onLostHeaders = onLostHeaders;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    this.#webSocket.on("message", (data, isBinary) => this.#message(wholeOf(data), !isBinary));
    this.#webSocket.on("error", ({ message }) =>
      listener.ended({ ...lostConnection, reason: message, initiator: "server" }),
    );
    this.#webSocket.on("close", (code, reason) => {
      const wasClean = code !== CloseCode.AbnormalClosure;
      listener.ended(
        wasClean ? { code, reason: reason.toString(), wasClean, initiator: "client" } : lostConnection,
      );
      listener.released();
    });
  }

  get buffered(): number {
    return this.#webSocket.readyState === open ? this.#webSocket.bufferedAmount : Number.POSITIVE_INFINITY;
  }

  get received(): number {
    return this.#socket.bytesRead;
  }

  get unfinished(): number {
    return 0;
  }

  /** Nothing to do: every send reports when it was taken. */
  awaitDrain(): void {}

  accept(_subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined {
    if (this.#webSocket.readyState !== open) return undefined;
    if (headers.length > 0) this.#onLostHeaders();
    // The session is open only when this method has returned.
    queueMicrotask(() => {
      this.#isAccepted = true;
      for (const [data, isText] of this.#early.splice(0)) this.#tell(data, isText);
    });
    this.#webSocket.resume();
    return this;
  }

  refuse(status: number): void {
    closeInPlaceOf(status, this.#webSocket);
  }

  /**
   * A denial becomes a close, which is sent with its last part. Its length is checked all the same, so that an application
   * finds its mistake on every server.
   *
   * @throws {ProtocolError} for an invalid `content-length`.
   */
  respond(status: number, headers: HeaderList): void {
    this.#denial = { status, framing: new ResponseFraming("GET", status, headers) };
  }

  /** @throws {ProtocolError} for a body of another length than was declared. */
  respondBody(body: Uint8Array, more: boolean): void {
    this.#denial?.framing.take(body.length, !more);
    if (this.#denial !== undefined && !more) this.refuse(this.#denial.status);
  }

  send(event: WebSocketSendEvent): void {
    this.#webSocket.send(event.text ?? event.bytes, () => this.#listener.drained());
  }

  ping(): void {
    this.#webSocket.ping();
  }

  probe(): void {
    this.#watch.look();
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
    // The peer's close frame is found only by reading.
    this.#webSocket.resume();
  }

  pause(): void {
    this.#watch.start();
    this.#webSocket.pause();
  }

  resume(): void {
    this.#watch.stop();
    this.#webSocket.resume();
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  #message(data: Buffer, isText: boolean): void {
    if (this.#isAccepted) return this.#tell(data, isText);
    // Nobody wants the messages of a client that was refused, but its close frame stands behind them.
    if (this.#webSocket.readyState !== open) return;
    this.#early.push([data, isText]);
    // It is paused only now, because a client that leaves is noticed only by reading.
    this.#webSocket.pause();
  }

  #tell(data: Buffer, isText: boolean): void {
    if (isText) this.#listener.text(data.toString(), data.length);
    // A plain view, because `slice()` and equality of a Buffer differ from those of a Uint8Array.
    else this.#listener.binary(new Uint8Array(data.buffer, data.byteOffset, data.length));
  }
}
