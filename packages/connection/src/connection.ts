import {
  type Address,
  type ApplicationState,
  type ClientState,
  type CloseInfo,
  ConnectionClosed,
  InvalidMessage,
  nextState,
  ProtocolError,
  type Receive,
  type ReceiveEvent,
  receiveTransitions,
  requestUrl,
  type Send,
  type SendEvent,
  sendTransitions,
  type WebSocketReceiveEvent,
  type WebSocketScope,
} from "@ws/events";
import { Ending } from "./ending.js";
import { Inbox } from "./inbox.js";
import { formatJson, type JsonLimits, parseJson } from "./json.js";
import { type ReadonlyHeaders, readCookies, readHeaders } from "./request.js";
import { type Denial, denialBody, denialHeaders, type HeadersInput, toHeaderList } from "./response.js";
import { type InferOutput, type Schema, validateReceived } from "./schema.js";
import { type Contract, TypedConnection } from "./typed-connection.js";

/** How to wait. */
export interface WaitOptions {
  /** Gives up waiting: the call rejects with the signal's reason, and the next call gets the message. */
  readonly signal?: AbortSignal | undefined;
}

/** How to wait for JSON. */
export interface JsonOptions extends WaitOptions, JsonLimits {}

const encoder = new TextEncoder();
/** A byte order mark is kept, so that bad JSON stays bad; RFC 8259 §8.1. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A WebSocket connection as a view sees it.
 *
 * Every `receive…` rejects with `ConnectionClosed` when the client has gone, and with `InvalidMessage` when a
 * message is not what was asked for; that message is gone, the connection stays usable. Every `send…` rejects with
 * `ConnectionClosed` when the connection has ended and with `ProtocolError` before it was accepted.
 */
export class Connection<State = Record<string, unknown>> {
  readonly scope: WebSocketScope;
  readonly #inbox: Inbox;
  readonly #send: Send;
  readonly #ending: Ending;
  #clientState: ClientState = "connecting";
  #applicationState: ApplicationState = "connecting";
  #url: URL | undefined;
  #headers: ReadonlyHeaders | undefined;
  #query: URLSearchParams | undefined;
  #cookies: ReadonlyMap<string, string> | undefined;

  /** Takes exactly what an `Application` is given. */
  constructor(scope: WebSocketScope, receive: Receive, send: Send) {
    this.scope = scope;
    this.#inbox = new Inbox(receive);
    this.#send = send;
    this.#ending = new Ending(scope);
  }

  /** The URL that the client connected to; its host is the client's word. A copy of its own. */
  get url(): URL {
    this.#url ??= requestUrl(this.scope);
    return this.#url;
  }

  /** The decoded path, `rootPath` included. */
  get path(): string {
    return this.scope.path;
  }

  get headers(): ReadonlyHeaders {
    this.#headers ??= readHeaders(this.scope);
    return this.#headers;
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.scope.queryString);
    return this.#query;
  }

  /** The query as it came, still encoded, without `?`. */
  get queryString(): string {
    return this.scope.queryString;
  }

  /** By name; where a name comes twice, the first. */
  get cookies(): ReadonlyMap<string, string> {
    this.#cookies ??= readCookies(this.scope);
    return this.#cookies;
  }

  /** What the client offered, in its order. */
  get subprotocols(): readonly string[] {
    return this.scope.subprotocols;
  }

  get client(): Address | null {
    return this.scope.client;
  }

  /** What the router took from the path. */
  get params(): Readonly<Record<string, unknown>> {
    return this.scope.pathParams ?? Object.create(null);
  }

  get state(): State {
    return this.scope.state as State;
  }

  /** Moved by what was received. */
  get clientState(): ClientState {
    return this.#clientState;
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
  async accept(options: { subprotocol?: string | undefined; headers?: HeadersInput } = {}): Promise<void> {
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
    const denial = response as Denial;
    const { status } = denial;
    await this.send({ type: "websocket.http.response.start", status, headers: denialHeaders(denial) });
    const body = denialBody(denial);
    if (body instanceof Uint8Array) return await this.send({ type: "websocket.http.response.body", body });
    for await (const part of body) {
      await this.send({ type: "websocket.http.response.body", body: part, moreBody: true });
    }
    await this.send({ type: "websocket.http.response.body" });
  }

  /** Closes the connection; before accept it refuses the handshake with 403. Where it has ended, does nothing. */
  async close(code = 1000, reason = ""): Promise<void> {
    await this.send({ type: "websocket.close", code, reason });
  }

  /** The next raw event. After the disconnect it gives the same disconnect again. */
  async receive(options?: WaitOptions): Promise<ReceiveEvent> {
    const event = await this.#inbox.next(options?.signal);
    if (event.type !== "websocket.receive" || this.#clientState !== "connected") {
      this.#clientState = nextState(receiveTransitions, this.#clientState, event);
      if (event.type === "websocket.disconnect") this.#ending.disconnected(event);
    }
    return event;
  }

  /** Sends a raw event. A message to a connection that is open goes straight through. */
  send(event: SendEvent): Promise<void> {
    if (event.type === "websocket.send" && this.#applicationState === "connected") return this.#send(event);
    return this.#transition(event);
  }

  async receiveText(options?: WaitOptions): Promise<string> {
    const { text, bytes } = await this.#message(options);
    if (text !== undefined) return text;
    throw wrongType("a text", `a binary message of ${bytes?.length} bytes`);
  }

  async receiveBytes(options?: WaitOptions): Promise<Uint8Array> {
    const { bytes, text } = await this.#message(options);
    if (bytes !== undefined) return bytes;
    throw wrongType("a binary message", `a text of ${text?.length} characters`);
  }

  /** JSON in a text frame, against the schema if one is given. */
  receiveJson(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJson<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  async receiveJson(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    const value = parseJson(await this.receiveText(options), options);
    return schema === undefined ? value : await validateReceived(schema, value);
  }

  /** JSON in a binary frame, against the schema if one is given. */
  receiveJsonb(schema?: undefined, options?: JsonOptions): Promise<unknown>;
  receiveJsonb<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  async receiveJsonb(schema?: Schema, options?: JsonOptions): Promise<unknown> {
    const value = parseJson(decode(await this.receiveBytes(options)), options);
    return schema === undefined ? value : await validateReceived(schema, value);
  }

  sendText(text: string): Promise<void> {
    return this.send({ type: "websocket.send", text });
  }

  /** The bytes must not be changed until the promise resolves. */
  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.send({ type: "websocket.send", bytes });
  }

  /**
   * Compact JSON in a text frame.
   *
   * @throws {TypeError} for a value that JSON cannot hold, NaN and ±Infinity included.
   */
  async sendJson(value: unknown): Promise<void> {
    await this.sendText(formatJson(value));
  }

  /** As `sendJson`, in a binary frame. */
  async sendJsonb(value: unknown): Promise<void> {
    await this.sendBytes(encoder.encode(formatJson(value)));
  }

  /** Every message as it came; ends when the connection does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Uint8Array> {
    return this.#each(async () => {
      const { text, bytes } = await this.#message();
      return text ?? bytes;
    });
  }

  /** Every message as text; throws `InvalidMessage` at a binary one. */
  text(options?: WaitOptions): AsyncIterableIterator<string> {
    return this.#each(() => this.receiveText(options));
  }

  /** Every message as bytes; throws `InvalidMessage` at a text. */
  bytes(options?: WaitOptions): AsyncIterableIterator<Uint8Array> {
    return this.#each(() => this.receiveBytes(options));
  }

  /** Every message as JSON; throws `InvalidMessage` at one that is none. Iterating again goes on with the next. */
  json(schema?: undefined, options?: JsonOptions): AsyncIterableIterator<unknown>;
  json<S extends Schema>(schema: S, options?: JsonOptions): AsyncIterableIterator<InferOutput<S>>;
  json(schema?: Schema, options?: JsonOptions): AsyncIterableIterator<unknown> {
    return this.#each<unknown>(() =>
      schema === undefined ? this.receiveJson(undefined, options) : this.receiveJson(schema, options),
    );
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
    if (this.#clientState === "connecting") await this.receive();
  }

  /** Sends what changes the state, or what the state may forbid. */
  async #transition(event: SendEvent): Promise<void> {
    if (this.#applicationState === "disconnected" || this.#clientState === "disconnected") {
      if (event.type === "websocket.close") return;
      throw this.#ending.error;
    }
    const next = nextState<ApplicationState>(sendTransitions, this.#applicationState, event);
    await this.#send(event);
    this.#applicationState = next;
    if (event.type === "websocket.close") this.#ending.closedByApplication(event);
    else if (next === "disconnected") this.#ending.denied();
  }

  /** The next message. */
  async #message(options?: WaitOptions): Promise<WebSocketReceiveEvent> {
    if (this.#applicationState === "connecting") {
      throw new ProtocolError(
        "ERR_WS_EVENT_ORDER",
        "expected a connection that was accepted, got one that is connecting. Likely mistake: await accept() first.",
      );
    }
    for (;;) {
      const event = await this.receive(options);
      if (event.type === "websocket.receive") return event;
      if (event.type === "websocket.disconnect") throw this.#ending.error;
    }
  }

  /** One `next` after another, until the connection has ended. */
  async *#each<T>(next: () => Promise<T>): AsyncGenerator<T, void, undefined> {
    for (;;) {
      try {
        yield await next();
      } catch (error) {
        if (error instanceof ConnectionClosed && error === this.#ending.error) return;
        throw error;
      }
    }
  }
}

function wrongType(expected: string, got: string): InvalidMessage {
  return new InvalidMessage("ERR_WS_MESSAGE_TYPE", `expected ${expected}, got ${got}`);
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InvalidMessage("ERR_WS_MESSAGE_JSON", `expected JSON in UTF-8, got ${bytes.length} bytes of none`);
  }
}
