import {
  type ClientState,
  ConnectionClosed,
  type Inbox,
  inboxOf,
  nextState,
  type Receive,
  type ReceiveEvent,
  receiveTransitions,
  type WebSocketReceiveEvent,
} from "@ws/events";
import { CancellableReceive } from "./cancellable-receive.js";
import type { CloseTracker } from "./close-tracker.js";
import { notAccepted } from "./message.js";

/** Receives the client's events, and keeps the state of the client's side. */
export class ReceiveState {
  readonly #receive: Receive;
  readonly #inbox: Inbox | undefined;
  readonly #closing: CloseTracker;
  /** Made for the first call with a signal, because most views never use one. */
  #cancellable: CancellableReceive | undefined;
  #state: ClientState = "connecting";
  #connected: Promise<ReceiveEvent> | undefined;
  /** Whether the application has answered the handshake. Before that no message can come. */
  isAnswered = false;

  constructor(receive: Receive, closing: CloseTracker) {
    this.#receive = receive;
    this.#inbox = inboxOf(receive);
    this.#closing = closing;
  }

  get state(): ClientState {
    return this.#state;
  }

  /**
   * The server's inbox, which gives events without a promise for each; `undefined` where there is none, or before the
   * connect event.
   */
  get inbox(): Inbox | undefined {
    return this.#state === "connecting" || this.#cancellable !== undefined ? undefined : this.#inbox;
  }

  /** Resolves to the next event of any type. The caller must pass it to `note`. */
  next(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    if (this.#cancellable === undefined && signal === undefined) return this.#receive();
    this.#cancellable ??= new CancellableReceive(this.#receive);
    return this.#cancellable.next(signal);
  }

  /** Reads `websocket.connect` unless it has been read. Calls that come meanwhile share the same reading. */
  async connect(): Promise<void> {
    if (this.#state !== "connecting") return;
    const event = this.#cancellable === undefined ? this.#inbox?.take() : undefined;
    if (event !== undefined) {
      this.note(event);
      return;
    }
    this.#connected ??= this.next(undefined).then((event) => this.note(event));
    await this.#connected;
    // It is dropped when it is no longer needed, because connections live long.
    this.#connected = undefined;
  }

  /** Changes the state. @throws {ProtocolError} for an event that cannot come now. */
  note(event: ReceiveEvent): ReceiveEvent {
    if (event.type === "websocket.receive" && this.#state === "connected") return event;
    this.#state = nextState(receiveTransitions, this.#state, event);
    if (event.type === "websocket.disconnect") this.#closing.disconnected(event);
    return event;
  }

  /**
   * The next event after the connect. The caller must pass it to `messageOf`. It rejects before the handshake is answered.
   */
  afterConnect(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    const state = this.#state;
    if (!this.isAnswered && state !== "disconnected") return Promise.reject(notAccepted());
    const event = this.next(signal);
    // Where the application accepted by raw events, the connect event may not have been read.
    return state === "connecting" ? event.then((first) => this.#skipConnect(first, signal)) : event;
  }

  /** @throws {ConnectionClosed} for the disconnect. */
  messageOf(event: ReceiveEvent): WebSocketReceiveEvent {
    const message = this.messageIn(event);
    if (message === undefined) throw this.#closing.error;
    return message;
  }

  /** `undefined` for the disconnect. */
  messageIn(event: ReceiveEvent): WebSocketReceiveEvent | undefined {
    this.note(event);
    return event.type === "websocket.receive" ? event : undefined;
  }

  /** Whether `error` means that this connection has ended. */
  isEnd(error: unknown): boolean {
    return error instanceof ConnectionClosed && error === this.#closing.error;
  }

  #skipConnect(event: ReceiveEvent, signal: AbortSignal | undefined): ReceiveEvent | Promise<ReceiveEvent> {
    if (event.type !== "websocket.connect") return event;
    this.note(event);
    return this.next(signal);
  }
}
