import {
  type ApplicationState,
  type ClientState,
  type CloseInfo,
  nextState,
  type Receive,
  type ReceiveEvent,
  type Send,
  type SendEvent,
  sendTransitions,
  type WebSocketScope,
} from "@ws/events";
import { ConnectionRequest } from "./connection-request.js";
import { Ending } from "./ending.js";
import { attempt, forgettable } from "./forgettable.js";
import { Incoming } from "./incoming.js";
import { Iteration } from "./iterate.js";
import { formatJson } from "./json.js";
import { bytesOf, jsonReader, payloadOf, type Reader, textOf, utf8Of } from "./message.js";
import type { AcceptOptions, JsonOptions, WaitOptions } from "./options.js";
import { type Denial, denialEvents, toHeaderList } from "./response.js";
import type { InferOutput, Schema } from "./schema.js";
import { type Contract, TypedConnection } from "./typed-connection.js";

const encoder = new TextEncoder();

/**
 * A WebSocket connection as a view sees it.
 *
 * Every `receive…` rejects with `ConnectionClosed` when the client has gone, and with `InvalidMessage` when a
 * message is not what was asked for; that message is gone, the connection stays usable. Every `send…` rejects with
 * `ConnectionClosed` when the connection has ended and with `ProtocolError` before it was accepted. A send need not be
 * awaited: an end of the connection is then no unhandled rejection.
 */
export class Connection<State = Record<string, unknown>> extends ConnectionRequest<State> {
  readonly #incoming: Incoming;
  readonly #send: Send;
  readonly #ending: Ending;
  #applicationState: ApplicationState = "connecting";
  /** The one reading of `websocket.connect` that accept and deny share. */
  #connected: Promise<ReceiveEvent> | undefined;

  /** Takes exactly what an `Application` is given. */
  constructor(scope: WebSocketScope, receive: Receive, send: Send) {
    super(scope);
    this.#send = send;
    this.#ending = new Ending(scope);
    this.#incoming = new Incoming(receive, this.#ending);
  }

  /** Moved by what was received. */
  get clientState(): ClientState {
    return this.#incoming.state;
  }

  /** Moved by what was sent, once the server has taken it. */
  get applicationState(): ApplicationState {
    return this.#applicationState;
  }

  /** Aborted when the connection is gone, for whatever reason; its reason is the `ConnectionClosed`. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** How the connection ended. Never rejects. */
  get closed(): Promise<CloseInfo> {
    return this.#ending.closed;
  }

  /**
   * Completes the handshake; reads `websocket.connect` first if nobody has.
   *
   * @throws {ProtocolError} for a subprotocol that was not offered or a header that is not allowed; the
   *   connection can still be accepted or denied.
   * @throws {ConnectionClosed} where the client has gone.
   */
  async accept(options: AcceptOptions = {}): Promise<void> {
    await this.#connect();
    const { subprotocol, headers } = options;
    await this.send({
      type: "websocket.accept",
      ...(subprotocol !== undefined && { subprotocol }),
      ...(headers !== undefined && { headers: toHeaderList(headers) }),
    });
  }

  /**
   * Refuses the handshake with a response; with a bare 403 where the server can't.
   *
   * @throws {ProtocolError} for a status outside 300–599 or a header that is not allowed.
   */
  async deny(response: Response | Denial): Promise<void> {
    await this.#connect();
    if (this.scope.extensions["websocket.http.response"] === undefined) return await this.close();
    for await (const event of denialEvents(response as Denial)) await this.send(event);
  }

  /** Closes the connection; before accept it refuses the handshake with 403. Where it has ended, does nothing. */
  async close(code = 1000, reason = ""): Promise<void> {
    await this.send({ type: "websocket.close", code, reason });
  }

  /** The next raw event. After the disconnect it gives the same disconnect again. */
  receive(options?: WaitOptions): Promise<ReceiveEvent> {
    return this.#incoming.receive(options?.signal);
  }

  /** Sends a raw event. A message to a connection that is open goes straight through. */
  send(event: SendEvent): Promise<void> {
    const isOpen = this.#applicationState === "connected" && this.#incoming.state === "connected";
    if (isOpen && event.type === "websocket.send") return this.#send(event);
    return forgettable(this.#transition(event));
  }

  receiveText(options?: WaitOptions): Promise<string> {
    return this.#read(textOf, options);
  }

  receiveBytes(options?: WaitOptions): Promise<Uint8Array> {
    return this.#read(bytesOf, options);
  }

  /** JSON in a text frame, against the schema if one is given. */
  receiveJson(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJson<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  receiveJson(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    return this.#read(jsonReader(textOf, schema, options), options);
  }

  /** JSON in a binary frame, against the schema if one is given. */
  receiveJsonb(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJsonb<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  receiveJsonb(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    return this.#read(jsonReader(utf8Of, schema, options), options);
  }

  sendText(text: string): Promise<void> {
    return this.send({ type: "websocket.send", text });
  }

  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.send({ type: "websocket.send", bytes });
  }

  /**
   * Compact JSON in a text frame.
   *
   * @throws {TypeError} for a value that JSON cannot hold, NaN and ±Infinity included.
   */
  sendJson(value: unknown): Promise<void> {
    return attempt(() => this.sendText(formatJson(value)));
  }

  /** As `sendJson`, in a binary frame. */
  sendJsonb(value: unknown): Promise<void> {
    return attempt(() => this.sendBytes(encoder.encode(formatJson(value))));
  }

  /** Every message as it came; ends when the connection does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Uint8Array> {
    return this.#each(payloadOf);
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
    return this.#each(jsonReader(textOf, schema, options), options);
  }

  /** The same connection, with JSON validated and typed both ways. */
  with<R extends Schema, S extends Schema>(contract: Contract<R, S>): TypedConnection<R, S> {
    return new TypedConnection(this, contract);
  }

  /** Closes with 1000 if still open. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#applicationState !== "denying") await this.close();
  }

  /** Reads `websocket.connect` unless somebody has. */
  async #connect(): Promise<void> {
    if (this.#incoming.state !== "connecting") return;
    this.#connected ??= this.receive();
    await this.#connected;
    // Kept no longer than it is needed: a connection lives long.
    this.#connected = undefined;
  }

  /** Sends what changes the state, or what the state may forbid. */
  async #transition(event: SendEvent): Promise<void> {
    if (this.#applicationState === "disconnected" || this.#incoming.state === "disconnected") {
      if (event.type === "websocket.close") return;
      throw this.#ending.error;
    }
    const state = this.#applicationState;
    const next = nextState<ApplicationState>(sendTransitions, state, event);
    await this.#send(event);
    this.#applicationState = next;
    this.#incoming.isAnswered = true;
    if (next !== "disconnected") return;
    if (state === "connected" && event.type === "websocket.close") this.#ending.closedByApplication(event);
    else this.#ending.refused();
  }

  /** One promise on top of the server's own: this is asked for every message. */
  #read<T>(read: Reader<T>, options?: WaitOptions): Promise<T> {
    const incoming = this.#incoming;
    return incoming.afterConnect(options?.signal).then((event) => read(incoming.messageOf(event)));
  }

  #each<T>(read: Reader<T>, options?: WaitOptions): AsyncIterableIterator<T> {
    return new Iteration(this.#incoming, read, options?.signal);
  }
}
