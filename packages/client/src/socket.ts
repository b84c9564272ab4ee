/**
 * A socket that reconnects, for any WebSocket server: without an envelope, and without resuming. The client of a channel is
 * in `@ws/client` itself.
 *
 * @module
 */
import type { In, Out, Schema } from "@ws/contract";
import { ClientError } from "./link/client-error.js";
import { Inbox } from "./link/inbox.js";
import { type Entry, Line, type Linked } from "./link/line.js";
import type { Address, LinkOptions, PostOptions } from "./link/options.js";
import type { Data, WebSocketLike } from "./link/web-socket.js";
import type { Wire } from "./link/wire.js";

export { ClientError, type Problem } from "./link/client-error.js";
export type { Linked } from "./link/line.js";
export type { Address, LinkOptions, OutboxLimits, PostOptions } from "./link/options.js";
export type { Down, State } from "./link/state.js";
export type { Data, WebSocketConstructor, WebSocketLike } from "./link/web-socket.js";

/** A message that only shows that its sender is there. */
export interface Heartbeat<S> {
  /** After how many ms without a message it is sent. */
  readonly every: number;
  readonly message: S;
  /** Whether a message is the answer to a heartbeat. Such answers are not given to the loop. */
  isReply(data: string | Uint8Array): boolean;
}

export interface SocketOptions<S extends Schema | undefined, R extends Schema | undefined>
  extends LinkOptions {
  /** The schema of messages that are sent. */
  readonly send?: S;
  /** The schema of messages that come. Each message is validated when it is taken. */
  readonly receive?: R;
  /** Whether messages are JSON. Otherwise they are texts and bytes. */
  readonly json?: boolean | undefined;
  /** The subprotocols to offer, in this order. */
  readonly protocols?: readonly string[] | undefined;
  /** A message that asks for a sign of life, for servers that answer it. None by default. */
  readonly heartbeat?: Heartbeat<Sent<S>> | undefined;
  /**
   * How many messages may wait to be taken. Above this number the oldest are dropped, and the loop throws once. 1,024 by
   * default.
   */
  readonly max?: number | undefined;
}

export interface SendOptions extends PostOptions {
  /** Whether the message is dropped where no socket can take it at once. */
  readonly volatile?: boolean | undefined;
}

export type Sent<S> = S extends Schema ? In<S> : string | Uint8Array;
export type Received<R> = R extends Schema ? Out<R> : string | Uint8Array;

/** A socket that reconnects. Its loop ends when the socket is closed for good. */
export interface TypedSocket<S = string | Uint8Array, R = string | Uint8Array>
  extends Linked,
    AsyncIterable<R> {
  /**
   * Sends a message. It resolves with `true` when a socket has taken it, and with `false` where it was volatile and could
   * not be sent at once.
   *
   * @throws {ClientError} `ERR_WS_NOT_SENT`, `ERR_WS_OUTBOX_FULL`, `ERR_WS_CLOSED`; the reason of `signal`.
   */
  send(message: S, options?: SendOptions): Promise<boolean>;
}

class PlainSocket extends Line implements TypedSocket<unknown, unknown> {
  declare readonly options: SocketOptions<Schema, Schema>;
  readonly #inbox = new Inbox<string | Uint8Array>();
  #dropped = 0;

  constructor(address: Address, options: SocketOptions<Schema, Schema>) {
    super(address, options, options.heartbeat?.every ?? 0);
    this.obeySignal();
  }

  override endsNormally(): boolean {
    return true;
  }

  ping(wire: Wire): void {
    wire.asked = 1;
    wire.socket?.send(this.#encode(this.options.heartbeat?.message));
  }

  protocols(): string[] {
    return [...(this.options.protocols ?? [])];
  }

  opened(wire: Wire): void {
    this.ready(wire);
  }

  received(wire: Wire, data: string | ArrayBuffer): void {
    const { heartbeat, max = 1_024 } = this.options;
    const message = typeof data === "string" ? data : new Uint8Array(data);
    if (heartbeat?.isReply(message)) {
      wire.asked = 0;
      return;
    }
    this.#inbox.push(message);
    if (this.#inbox.items.length > max) {
      this.#inbox.items.shift();
      this.#dropped += 1;
    }
  }

  write({ data }: Entry, socket: WebSocketLike): void {
    socket.send(data as Data);
  }

  closed(): void {
    this.#inbox.end();
  }

  readonly send = async (message: unknown, how: SendOptions = {}): Promise<boolean> =>
    how.volatile && !this.isFree() ? false : ((await this.post(this.#encode(message), how)) as boolean);

  readonly [Symbol.asyncIterator] = (): AsyncIterator<unknown> => ({ next: () => this.#next() });

  #encode(message: unknown): Data {
    return this.options.json ? JSON.stringify(message) : (message as Data);
  }

  async #next(): Promise<IteratorResult<unknown, undefined>> {
    this.start();
    const { json, max = 1_024, receive } = this.options;
    if (this.#dropped) {
      const error = new ClientError("OVERFLOW", `of ${max}: ${this.#dropped} were dropped`);
      this.#dropped = 0;
      throw error;
    }
    let value: unknown = await this.#inbox.take();
    if (value === undefined) return { done: true, value };
    try {
      if (json) value = JSON.parse(`${value}`);
    } catch (error) {
      throw new ClientError("INVALID_MESSAGE", error);
    }
    const result = await receive?.["~standard"].validate(value);
    if (result?.issues) throw new ClientError("INVALID_MESSAGE", result.issues[0]?.message);
    return { value: result ? result.value : value };
  }
}

/** Creates a socket to any server. It connects at `connect`, or when the first message is sent or asked for. */
export function createSocket<
  const S extends Schema | undefined = undefined,
  const R extends Schema | undefined = undefined,
>(address: Address, options: SocketOptions<S, R> = {}): TypedSocket<Sent<S>, Received<R>> {
  return new PlainSocket(address, options as never) as never;
}
