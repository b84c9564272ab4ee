import type { InferOutput, Schema } from "@ws/contract";
import {
  type ApplicationState,
  type ClientState,
  type CloseInfo,
  type OnFailedCall,
  type Receive,
  type ReceiveEvent,
  type Send,
  type SendEvent,
  trackedRejection,
  trackPromise,
  trackThen,
  type WebSocketReceiveEvent,
  type WebSocketScope,
} from "@ws/events";
import { CloseTracker } from "./close-tracker.js";
import { ConnectionRequest } from "./connection-request.js";
import { bytesOf, type Decode, jsonDecoder, payloadOf, textOf, utf8Of } from "./message.js";
import { MessageIterator } from "./message-iterator.js";
import type { AcceptOptions, JsonOptions, WaitOptions } from "./options.js";
import { ReceiveState } from "./receive-state.js";
import { type Denial, denialEvents, toHeaderList } from "./response.js";
import { SendState } from "./send-state.js";
import { type Contract, TypedMessages } from "./typed-messages.js";

const encoder = new TextEncoder();

/**
 * A connection on which every message is JSON of a contract and is validated in both directions. Made by `connection.with`.
 */
export type TypedConnection<R extends Schema, S extends Schema> = TypedMessages<R, S, Connection<unknown>>;

/**
 * A WebSocket connection as a view sees it.
 *
 * Every `receive…` rejects with `ConnectionClosed` when the client has gone, and with `InvalidMessage` for a message of
 * another type than was asked for; that message is dropped, and the connection can still be used. Every `send…` rejects with
 * `ConnectionClosed` when the connection has ended, and with `ProtocolError` before it was accepted.
 *
 * No promise of a connection has to be awaited. A rejection that nobody has handled within a turn of the event loop never
 * ends the process: it is ignored where the connection had just ended, and any other error is logged by the server, which
 * closes with 1011.
 */
export class Connection<State = Record<string, unknown>> extends ConnectionRequest<State> {
  readonly #received: ReceiveState;
  readonly #sent: SendState;
  readonly #closing: CloseTracker;
  /** Tells the server of a rejection that nobody awaits; `undefined` where the server offers no such function. */
  readonly #onFailedCall: OnFailedCall | undefined;

  /** Takes the three arguments of an `Application`. */
  constructor(scope: WebSocketScope<State>, receive: Receive, send: Send) {
    super(scope);
    this.#onFailedCall = scope.extensions["websocket.connection"]?.onFailedCall;
    this.#closing = new CloseTracker(scope);
    this.#received = new ReceiveState(receive, this.#closing);
    this.#sent = new SendState(send, this.#received, this.#closing, this.#onFailedCall);
  }

  /** The state of the client's side, which changes with what was received. */
  get clientState(): ClientState {
    return this.#received.state;
  }

  /** The state of the application's side, which changes when the server has accepted what was sent. */
  get applicationState(): ApplicationState {
    return this.#sent.state;
  }

  /** A signal that is aborted when the connection has ended, for whatever reason. Its reason is the `ConnectionClosed`. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Resolves with how the connection ended. It never rejects. */
  get closed(): Promise<CloseInfo> {
    return this.#closing.closed;
  }

  /**
   * Completes the handshake; it first reads `websocket.connect` if nobody has.
   *
   * @throws {ProtocolError} for a subprotocol that was not offered, or a header that is not allowed; the connection can
   *   still be accepted or denied.
   * @throws {ConnectionClosed} where the client has gone.
   */
  accept(options: AcceptOptions = {}): Promise<void> {
    return trackPromise(this.#accept(options), "accept", this.#onFailedCall);
  }

  /**
   * Refuses the handshake with a response, or with a bare 403 where the server cannot send one.
   *
   * @throws {ProtocolError} for a status outside 300–599, or a header that is not allowed.
   */
  deny(response: Response | Denial): Promise<void> {
    return trackPromise(this.#deny(response), "deny", this.#onFailedCall);
  }

  /** Closes the connection. Before accept it refuses the handshake with 403; after the end it does nothing. */
  close(code = 1000, reason = ""): Promise<void> {
    return this.#sent.send({ type: "websocket.close", code, reason }, "close");
  }

  /** The next raw event. After the disconnect it gives the same disconnect again. */
  receive(options?: WaitOptions): Promise<ReceiveEvent> {
    const received = this.#received;
    const event = received.next(options?.signal);
    return trackThen(event, (next) => received.note(next), "receive", this.#onFailedCall);
  }

  /** Sends a raw event. */
  send(event: SendEvent): Promise<void> {
    return this.#sent.send(event, "send");
  }

  receiveText(options?: WaitOptions): Promise<string> {
    return this.#decode(textOf, "receiveText", options);
  }

  receiveBytes(options?: WaitOptions): Promise<Uint8Array> {
    return this.#decode(bytesOf, "receiveBytes", options);
  }

  /** Receives JSON in a text frame. It is validated where a schema is given. */
  receiveJson(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJson<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  receiveJson(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    return this.#decodeJson(textOf, schema, "receiveJson", options);
  }

  /** Receives JSON in a binary frame. It is validated where a schema is given. */
  receiveJsonb(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJsonb<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  receiveJsonb(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    return this.#decodeJson(utf8Of, schema, "receiveJsonb", options);
  }

  sendText(text: string): Promise<void> {
    return this.#sent.send({ type: "websocket.send", text }, "sendText");
  }

  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.#sent.send({ type: "websocket.send", bytes }, "sendBytes");
  }

  /**
   * Sends compact JSON in a text frame.
   *
   * @throws {TypeError} for a value that JSON cannot represent, including NaN and ±Infinity.
   */
  sendJson(value: unknown): Promise<void> {
    return this.#sent.sendJson(value, (text) => ({ type: "websocket.send", text }), "sendJson");
  }

  /** Sends compact JSON in a binary frame; otherwise as `sendJson`. */
  sendJsonb(value: unknown): Promise<void> {
    const toEvent = (json: string): SendEvent => ({ type: "websocket.send", bytes: encoder.encode(json) });
    return this.#sent.sendJson(value, toEvent, "sendJsonb");
  }

  /** Iterates over the messages as they came. It ends with the connection. */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Uint8Array> {
    return new MessageIterator(this.#received, payloadOf, undefined, this.#onFailedCall, true);
  }

  /** Iterates over the messages as texts. It throws `InvalidMessage` at a binary message. */
  text(options?: WaitOptions): AsyncIterableIterator<string> {
    return this.#each(textOf, options);
  }

  /** Iterates over the messages as bytes. It throws `InvalidMessage` at a text message. */
  bytes(options?: WaitOptions): AsyncIterableIterator<Uint8Array> {
    return this.#each(bytesOf, options);
  }

  /**
   * Iterates over the messages as JSON. It throws `InvalidMessage` at a message that is none; a new iteration continues with
   * the next message.
   */
  json(schema?: undefined, options?: JsonOptions): AsyncIterableIterator<unknown>;
  json<S extends Schema>(schema: S, options?: JsonOptions): AsyncIterableIterator<InferOutput<S>>;
  json(schema?: Schema, options?: JsonOptions): AsyncIterableIterator<unknown> {
    return this.#each(jsonDecoder("json", textOf, schema, options), options);
  }

  /** As `json`, for binary messages. */
  jsonb(schema?: undefined, options?: JsonOptions): AsyncIterableIterator<unknown>;
  jsonb<S extends Schema>(schema: S, options?: JsonOptions): AsyncIterableIterator<InferOutput<S>>;
  jsonb(schema?: Schema, options?: JsonOptions): AsyncIterableIterator<unknown> {
    return this.#each(jsonDecoder("jsonb", utf8Of, schema, options), options);
  }

  /**
   * The same connection with JSON that is validated and typed in both directions. `options` hold for every message that is
   * received: the bounds on its JSON, and a signal.
   *
   * @throws {TypeError} where `receive` or `send` is no schema.
   */
  with<R extends Schema, S extends Schema>(
    contract: Contract<R, S>,
    options?: JsonOptions,
  ): TypedConnection<R, S> {
    return new TypedMessages(this, contract, options);
  }

  /** Closes with 1000 if the connection is still open. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#sent.state === "denying" ? Promise.resolve() : this.close();
  }

  async #accept({ subprotocol, headers }: AcceptOptions): Promise<void> {
    await this.#received.connect();
    await this.#sent.transition({
      type: "websocket.accept",
      subprotocol,
      headers: headers && toHeaderList(headers),
    });
  }

  async #deny(response: Response | Denial): Promise<void> {
    await this.#received.connect();
    if (this.scope.extensions["websocket.http.response"] === undefined) return await this.close();
    for await (const event of denialEvents(response as Denial)) await this.#sent.transition(event);
  }

  /** Decodes the next message. It adds only one promise to that of the server, because it is called for every message. */
  #decode<T>(decode: Decode<T>, call: string, options?: WaitOptions): Promise<T> {
    const received = this.#received;
    const event = received.afterConnect(options?.signal);
    return trackThen(event, (next) => decode(received.messageOf(next)), call, this.#onFailedCall);
  }

  /** A value that is no schema is refused before a message is waited for, so that no message is lost by it. */
  #decodeJson(
    source: (message: WebSocketReceiveEvent) => string,
    schema: Schema | undefined,
    call: string,
    options?: JsonOptions,
  ): Promise<unknown> {
    let decode: Decode<unknown>;
    try {
      decode = jsonDecoder(call, source, schema, options);
    } catch (error) {
      return trackedRejection(error, call, this.#onFailedCall);
    }
    return this.#decode(decode, call, options);
  }

  #each<T>(decode: Decode<T>, options?: WaitOptions): AsyncIterableIterator<T> {
    return new MessageIterator(this.#received, decode, options?.signal, this.#onFailedCall);
  }
}
