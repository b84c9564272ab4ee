/**
 * A socket that comes back, for any WebSocket server: no envelope, no resume. What both sides of a channel speak stands in
 * `@ws/client` itself.
 *
 * @module
 */
import type { In, Out, Schema } from "@ws/contract";
import { ClientError } from "./link/client-error.js";
import { Inbox } from "./link/inbox.js";
import { createLine, type Linked } from "./link/line.js";
import type { Address, LinkOptions, PostOptions } from "./link/options.js";
import type { Data } from "./link/web-socket.js";

export { ClientError, type Problem } from "./link/client-error.js";
export type { Linked } from "./link/line.js";
export type { Address, LinkOptions, OutboxLimits, PostOptions } from "./link/options.js";
export type { Down, State } from "./link/state.js";
export type { Data, WebSocketConstructor, WebSocketLike } from "./link/web-socket.js";

/** A message that says nothing but that its sender is there. */
export interface Heartbeat<S> {
  /** After so many ms without a message. */
  readonly every: number;
  readonly message: S;
  /** Whether a message is the answer to one. Answers are not handed out. */
  isReply(data: string | Uint8Array): boolean;
}

export interface SocketOptions<S extends Schema | undefined, R extends Schema | undefined>
  extends LinkOptions {
  /** What is sent. */
  readonly send?: S;
  /** What comes. Each message is validated as it is taken. */
  readonly receive?: R;
  /** Whether messages are JSON. Without it they are texts and bytes. */
  readonly json?: boolean | undefined;
  /** The subprotocols that are offered, in this order. */
  readonly protocols?: readonly string[] | undefined;
  /** Messages that ask for a sign of life, where the server answers to some. None by default. */
  readonly heartbeat?: Heartbeat<Sent<S>> | undefined;
  /** How many messages wait to be taken. Above it the oldest are dropped, and the loop throws once. 1,024 by default. */
  readonly max?: number | undefined;
}

export interface SendOptions extends PostOptions {
  /** Dropped where no socket can take it at once. */
  readonly volatile?: boolean | undefined;
}

export type Sent<S> = S extends Schema ? In<S> : string | Uint8Array;
export type Received<R> = R extends Schema ? Out<R> : string | Uint8Array;

/** A socket that comes back. Its loop ends when it is closed for good. */
export interface TypedSocket<S = string | Uint8Array, R = string | Uint8Array>
  extends Linked,
    AsyncIterable<R> {
  /**
   * Resolves with `true` when a socket took the message, with `false` when it was volatile and could not be sent at once.
   *
   * @throws {ClientError} `ERR_WS_NOT_SENT`, `ERR_WS_OUTBOX_FULL`, `ERR_WS_CLOSED`; the reason of `signal`.
   */
  send(message: S, options?: SendOptions): Promise<boolean>;
}

/** A socket to any server. Nothing is dialed before `connect`, the first `send` or the first message is asked for. */
export function createSocket<
  const S extends Schema | undefined = undefined,
  const R extends Schema | undefined = undefined,
>(address: Address, options: SocketOptions<S, R> = {}): TypedSocket<Sent<S>, Received<R>> {
  const { heartbeat, json, max = 1_024, receive, protocols = [] } = options;
  const inbox = new Inbox<string | Uint8Array>();
  let dropped = 0;
  const encode = (message: unknown): Data => (json ? JSON.stringify(message) : (message as Data));
  const line = createLine(address, options, {
    every: heartbeat?.every ?? 0,
    ping(wire) {
      wire.asked = 1;
      wire.socket?.send(encode(heartbeat?.message));
    },
    protocols: () => [...protocols],
    endsNormally: true,
    opened: (wire) => line.link.ready(wire),
    received(wire, data) {
      const message = typeof data === "string" ? data : new Uint8Array(data);
      if (heartbeat?.isReply(message)) {
        wire.asked = 0;
        return;
      }
      inbox.push(message);
      if (inbox.items.length > max) {
        inbox.items.shift();
        dropped += 1;
      }
    },
    write: ({ data }, socket) => socket.send(data as Data),
    closed: () => inbox.end(),
  });

  const next = async (): Promise<IteratorResult<Received<R>, undefined>> => {
    line.link.start();
    if (dropped) {
      const error = new ClientError("OVERFLOW", `of ${max}: ${dropped} were dropped`);
      dropped = 0;
      throw error;
    }
    let value: unknown = await inbox.take();
    if (value === undefined) return { done: true, value };
    try {
      if (json) value = JSON.parse(`${value}`);
    } catch (error) {
      throw new ClientError("INVALID_MESSAGE", error);
    }
    const result = await receive?.["~standard"].validate(value);
    if (result?.issues) throw new ClientError("INVALID_MESSAGE", result.issues[0]?.message);
    return { value: (result ? result.value : value) as Received<R> };
  };

  return Object.assign(line.api, {
    send: async (message: Sent<S>, how: SendOptions = {}) =>
      how.volatile && !line.isFree() ? false : ((await line.post(encode(message), how)) as boolean),
    [Symbol.asyncIterator]: () => ({ next }),
  });
}
