import type { Connection } from "@ws/connection";
import { CloseCode, ConnectionClosed } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import { closeReason } from "../answering/close-reason.js";
import { Emitter } from "../platform/emitter.js";
import { decodeText, messageBytes } from "../platform/message-bytes.js";

/** What `send` accepts: a text, or bytes in any of their forms. */
export type SendData = string | number | ArrayBuffer | ArrayBufferView;

/** Called when the server has accepted the message, or with the error why it did not. */
export type SendCallback = (error?: Error) => void;

export interface SendOptions {
  /** Whether it is sent as a binary message; by default everything except a text is. */
  readonly binary?: boolean | undefined;
}

/** A listener of `addEventListener`, which is given an event object. */
type DomListener = (event: Readonly<Record<string, unknown>>) => unknown;

const states = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;

const encoder = new TextEncoder();

function bytesOf(data: Exclude<SendData, number>): Uint8Array {
  if (typeof data === "string") return encoder.encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError(`send: expected a text or bytes, got ${describeValue(data)}`);
}

/** The fields of a DOM event, made of the arguments that `ws` gives. */
function domFields(type: string, first: unknown, second: unknown): Readonly<Record<string, unknown>> {
  if (type === "message") return { data: second === true ? first : String(first) };
  if (type === "error") return { error: first, message: first instanceof Error ? first.message : "" };
  return { code: first, reason: String(second), wasClean: first !== CloseCode.AbnormalClosure };
}

/**
 * A connection with the interface of a `WebSocket` of `ws`, and with the listeners of the DOM: for code that was written for
 * either. Made by `asWebSocket`.
 *
 * Its buffers are bounded in both directions: while the peer does not read, nothing more is received from it, and a peer to
 * which too much is sent in spite of that is closed as a slow consumer.
 */
export class WebSocketAdapter extends Emitter {
  readonly CONNECTING: 0 = states.CONNECTING;
  readonly OPEN: 1 = states.OPEN;
  readonly CLOSING: 2 = states.CLOSING;
  readonly CLOSED: 3 = states.CLOSED;
  /** The subprotocol that was accepted; `""` for none. */
  readonly protocol: string;
  readonly extensions: string = "";
  readonly url: string;
  readonly #socket: Connection<unknown>;
  readonly #domListeners: Map<DomListener, (first: unknown, second: unknown) => unknown> = new Map();
  #isClosing = false;
  #isClosed = false;
  #bufferedAmount = 0;
  /** How many messages the server has not accepted yet. */
  #sending = 0;
  #onDrained: () => void = () => {};
  /** Set by `run` before anybody else gets this object. */
  #fail!: (error: unknown) => void;

  constructor(socket: Connection<unknown>, protocol: string) {
    super();
    this.#socket = socket;
    this.protocol = protocol;
    this.url = String(socket.url);
  }

  get readyState(): 1 | 2 | 3 {
    if (this.#isClosed) return states.CLOSED;
    return this.#isClosing || this.#socket.signal.aborted ? states.CLOSING : states.OPEN;
  }

  /** The bytes of messages that the server has not accepted yet. */
  get bufferedAmount(): number {
    return this.#bufferedAmount;
  }

  /** Sends a message. Where the connection has ended, only `callback` is called, with an error. */
  send(data: SendData, options?: SendOptions | SendCallback, callback?: SendCallback): void {
    const done = typeof options === "function" ? options : callback;
    const given = typeof data === "number" ? String(data) : data;
    const bytes = bytesOf(given);
    const wanted = typeof options === "object" ? options.binary : undefined;
    const isBinary = wanted ?? typeof given !== "string";
    const text = typeof given === "string" ? given : undefined;
    const sending = isBinary
      ? this.#socket.sendBytes(bytes)
      : this.#socket.sendText(text ?? decodeText(bytes));
    this.#sending += 1;
    this.#bufferedAmount += bytes.length;
    const settle = (error?: Error): void => {
      this.#sending -= 1;
      this.#bufferedAmount -= bytes.length;
      if (this.#sending === 0) this.#onDrained();
      if (done !== undefined) done(error);
      else if (error !== undefined && !(error instanceof ConnectionClosed)) throw error;
    };
    sending.then(() => settle(), settle).catch(this.#fail);
  }

  /** Closes, with 1000 where no code is given. A reason is cut to the length that a close frame can hold. */
  close(code: number = CloseCode.NormalClosure, reason: string | Uint8Array = ""): void {
    this.#isClosing = true;
    const text = typeof reason === "string" ? reason : decodeText(reason);
    this.#socket.close(code, closeReason(text)).catch(this.#fail);
  }

  /** Closes at once, as far as an application can: where the peer does not answer, the server destroys the socket. */
  terminate(): void {
    this.close(CloseCode.GoingAway);
  }

  /**
   * Emits `pong` while the connection is open. The server itself finds out whether its peers live, and closes those that are
   * lost.
   */
  ping(): void {
    setTimeout(() => {
      if (this.readyState === states.OPEN) this.emit("pong", messageBytes(new Uint8Array()));
    });
  }

  addEventListener(type: "message" | "close" | "error", listener: DomListener): void {
    const wrapped = (first: unknown, second: unknown): unknown =>
      listener({ type, target: this, ...domFields(type, first, second) });
    this.#domListeners.set(listener, wrapped);
    this.on(type, wrapped);
  }

  removeEventListener(type: "message" | "close" | "error", listener: DomListener): void {
    const wrapped = this.#domListeners.get(listener);
    if (wrapped !== undefined) this.off(type, wrapped);
  }

  /** Calls `serve`, which adds its listeners, and then emits every message until the connection ends. */
  async run(serve: () => unknown): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    try {
      await Promise.race([failed, this.#pump(serve)]);
      const { code, reason } = await this.#socket.closed;
      this.#end(code, reason);
    } finally {
      // After a failure the server closes the connection, and the listeners of `close` clean up as after any other close.
      this.#end(CloseCode.InternalError, "");
    }
  }

  /**
   * An error, including a rejected promise of a listener, ends this connection. Without this, an error without a listener
   * would end the process.
   */
  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (event !== "error") return super.emit(event, ...given);
    this.#fail(given[0]);
    return this.listenerCount(event) > 0 && super.emit(event, ...given);
  }

  async #pump(serve: () => unknown): Promise<void> {
    Promise.resolve(serve()).catch(this.#fail);
    for await (const message of this.#socket) {
      const isBinary = typeof message !== "string";
      this.emit("message", messageBytes(isBinary ? message : encoder.encode(message)), isBinary);
      if (this.#sending > 0) await new Promise<void>((resolve) => this.#whenDrained(resolve));
    }
  }

  #whenDrained(onDrained: () => void): void {
    this.#onDrained = onDrained;
  }

  #end(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit("close", code, messageBytes(encoder.encode(reason)));
  }
}
