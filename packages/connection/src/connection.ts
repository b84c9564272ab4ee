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

/** A connection on which every message is JSON of a contract, validated both ways. Made by `connection.with`. */
export type TypedConnection<R extends Schema, S extends Schema> = TypedMessages<R, S, Connection<unknown>>;

/**
 * A WebSocket connection as a view sees it.
 *
 * Every `receive…` rejects with `ConnectionClosed` when the client has gone, and with `InvalidMessage` when a
 * message is not what was asked for; that message is gone, the connection stays usable. Every `send…` rejects with
 * `ConnectionClosed` when the connection has ended and with `ProtocolError` before it was accepted.
 *
 * Nothing that is given here need be awaited. A rejection that nobody took within a turn of the event loop never ends the
 * process: that the connection ended is then no news, and any other error the server logs, and closes with 1011.
 */
export class Connection<State = Record<string, unknown>> extends ConnectionRequest<State> {
  readonly #received: ReceiveState;
  readonly #sent: SendState;
  readonly #closing: CloseTracker;
  /** How the server is told of a rejection that nobody awaits; `undefined` where it offers no such way. */
  readonly #onFailedCall: OnFailedCall | undefined;

  /** Takes exactly what an `Application` is given. */
  constructor(scope: WebSocketScope<State>, receive: Receive, send: Send) {
    super(scope);
    this.#onFailedCall = scope.extensions["websocket.connection"]?.onFailedCall;
    this.#closing = new CloseTracker(scope);
    this.#received = new ReceiveState(receive, this.#closing);
    this.#sent = new SendState(send, this.#received, this.#closing, this.#onFailedCall);
  }

  /** Moved by what was received. */
  get clientState(): ClientState {
    return this.#received.state;
  }

  /** Moved by what was sent, once the server has taken it. */
  get applicationState(): ApplicationState {
    return this.#sent.state;
  }

  /** Aborted when the connection is gone, for whatever reason; its reason is the `ConnectionClosed`. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** How the connection ended. Never rejects. */
  get closed(): Promise<CloseInfo> {
    return this.#closing.closed;
  }

  /**
   * Completes the handshake; reads `websocket.connect` first if nobody has.
   *
   * @throws {ProtocolError} for a subprotocol that was not offered or a header that is not allowed; the
   *   connection can still be accepted or denied.
   * @throws {ConnectionClosed} where the client has gone.
   */
  accept(options: AcceptOptions = {}): Promise<void> {
    return trackPromise(this.#accept(options), "accept", this.#onFailedCall);
  }

  /**
   * Refuses the handshake with a response; with a bare 403 where the server can't.
   *
   * @throws {ProtocolError} for a status outside 300–599 or a header that is not allowed.
   */
  deny(response: Response | Denial): Promise<void> {
    return trackPromise(this.#deny(response), "deny", this.#onFailedCall);
  }

  /** Closes the connection; before accept it refuses the handshake with 403. Where it has ended, does nothing. */
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

  /** JSON in a text frame, against the schema if one is given. */
  receiveJson(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJson<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  receiveJson(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    return this.#decodeJson(textOf, schema, "receiveJson", options);
  }

  /** JSON in a binary frame, against the schema if one is given. */
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
   * Compact JSON in a text frame.
   *
   * @throws {TypeError} for a value that JSON cannot hold, NaN and ±Infinity included.
   */
  sendJson(value: unknown): Promise<void> {
    return this.#sent.sendJson(value, (text) => ({ type: "websocket.send", text }), "sendJson");
  }

  /** As `sendJson`, in a binary frame. */
  sendJsonb(value: unknown): Promise<void> {
    const toEvent = (json: string): SendEvent => ({ type: "websocket.send", bytes: encoder.encode(json) });
    return this.#sent.sendJson(value, toEvent, "sendJsonb");
  }

  /** Every message as it came; ends when the connection does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Uint8Array> {
    return new MessageIterator(this.#received, payloadOf, undefined, this.#onFailedCall, true);
  }

  /** Every message as text; throws `InvalidMessage` at a binary one. */
  text(options?: WaitOptions): AsyncIterableIterator<string> {
    return this.#each(textOf, options);
  }

  /** Every message as bytes; throws `InvalidMessage` at a text. */
  bytes(options?: WaitOptions): AsyncIterableIterator<Uint8Array> {
    return this.#each(bytesOf, options);
  }

  /** Every message as JSON; throws `InvalidMessage` at one that is none. Iterating again goes on with the next. */
  json(schema?: undefined, options?: JsonOptions): AsyncIterableIterator<unknown>;
  json<S extends Schema>(schema: S, options?: JsonOptions): AsyncIterableIterator<InferOutput<S>>;
  json(schema?: Schema, options?: JsonOptions): AsyncIterableIterator<unknown> {
    return this.#each(jsonDecoder("json", textOf, schema, options), options);
  }

  /** As `json`, of binary messages. */
  jsonb(schema?: undefined, options?: JsonOptions): AsyncIterableIterator<unknown>;
  jsonb<S extends Schema>(schema: S, options?: JsonOptions): AsyncIterableIterator<InferOutput<S>>;
  jsonb(schema?: Schema, options?: JsonOptions): AsyncIterableIterator<unknown> {
    return this.#each(jsonDecoder("jsonb", utf8Of, schema, options), options);
  }

  /**
   * The same connection, with JSON validated and typed both ways. `options` are those of every message that is received:
   * the bounds on its JSON, and a signal.
   *
   * @throws {TypeError} where `receive` or `send` is no schema.
   */
  with<R extends Schema, S extends Schema>(
    contract: Contract<R, S>,
    options?: JsonOptions,
  ): TypedConnection<R, S> {
    return new TypedMessages(this, contract, options);
  }

  /** Closes with 1000 if still open. */
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

  /** One promise on top of the server's own: this is asked for every message. */
  #decode<T>(decode: Decode<T>, call: string, options?: WaitOptions): Promise<T> {
    const received = this.#received;
    const event = received.afterConnect(options?.signal);
    return trackThen(event, (next) => decode(received.messageOf(next)), call, this.#onFailedCall);
  }

  /** What is no schema is refused before a message is waited for: none is lost by it. */
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
