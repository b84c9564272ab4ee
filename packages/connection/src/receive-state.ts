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

/** Receives the client's events, and keeps the state that they have brought the connection to. */
export class ReceiveState {
  readonly #receive: Receive;
  readonly #inbox: Inbox | undefined;
  readonly #closing: CloseTracker;
  /** Made for the first call with a signal: most views have none. */
  #cancellable: CancellableReceive | undefined;
  #state: ClientState = "connecting";
  #connected: Promise<ReceiveEvent> | undefined;
  /** Whether the application has answered the handshake; before that no message can come. */
  isAnswered = false;

  constructor(receive: Receive, closing: CloseTracker) {
    this.#receive = receive;
    this.#inbox = inboxOf(receive);
    this.#closing = closing;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** Where the events come from without a promise for each; `undefined` where they don't, or the connect is still to come. */
  get inbox(): Inbox | undefined {
    return this.#state === "connecting" || this.#cancellable !== undefined ? undefined : this.#inbox;
  }

  /** Resolves to the next event, of any type. The caller passes it to `note`. */
  next(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    if (this.#cancellable === undefined && signal === undefined) return this.#receive();
    this.#cancellable ??= new CancellableReceive(this.#receive);
    return this.#cancellable.next(signal);
  }

  /** Reads `websocket.connect` unless it has been read; calls that come meanwhile share the one reading. */
  async connect(): Promise<void> {
    if (this.#state !== "connecting") return;
    const event = this.#cancellable === undefined ? this.#inbox?.take() : undefined;
    if (event !== undefined) {
      this.note(event);
      return;
    }
    this.#connected ??= this.next(undefined).then((event) => this.note(event));
    await this.#connected;
    // Kept no longer than it is needed: a connection lives long.
    this.#connected = undefined;
  }

  /** Moves the state. @throws {ProtocolError} for an event that can't come now. */
  note(event: ReceiveEvent): ReceiveEvent {
    if (event.type === "websocket.receive" && this.#state === "connected") return event;
    this.#state = nextState(receiveTransitions, this.#state, event);
    if (event.type === "websocket.disconnect") this.#closing.disconnected(event);
    return event;
  }

  /** The next event but the connect; it is to be given to `messageOf`. Rejects before the handshake is answered. */
  afterConnect(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    const state = this.#state;
    if (!this.isAnswered && state !== "disconnected") return Promise.reject(notAccepted());
    const event = this.next(signal);
    // Where the application accepted by raw events, nobody may have read the connect.
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

  /** Whether `error` tells that this connection has ended. */
  isEnd(error: unknown): boolean {
    return error instanceof ConnectionClosed && error === this.#closing.error;
  }

  #skipConnect(event: ReceiveEvent, signal: AbortSignal | undefined): ReceiveEvent | Promise<ReceiveEvent> {
    if (event.type !== "websocket.connect") return event;
    this.note(event);
    return this.next(signal);
  }
}
