import {
  type ClientState,
  ConnectionClosed,
  nextState,
  type Receive,
  type ReceiveEvent,
  receiveTransitions,
  type WebSocketReceiveEvent,
} from "@ws/events";
import type { Ending } from "./ending.js";
import { Inbox } from "./inbox.js";
import { notAccepted } from "./message.js";

/** What comes from the client, and where the client stands by it. */
export class Incoming {
  readonly #receive: Receive;
  readonly #ending: Ending;
  /** Made for the first who waits with a signal: most views never do. */
  #inbox: Inbox | undefined;
  #state: ClientState = "connecting";
  /** Whether the application has answered the handshake; before that no message can come. */
  isAnswered = false;

  constructor(receive: Receive, ending: Ending) {
    this.#receive = receive;
    this.#ending = ending;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** The next event, whatever it is. */
  receive(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    return this.#next(signal).then((event) => this.#note(event));
  }

  /** The next event but the connect; it is to be given to `messageOf`. Rejects before the handshake is answered. */
  afterConnect(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    const state = this.#state;
    if (!this.isAnswered && state !== "disconnected") return Promise.reject(notAccepted());
    const event = this.#next(signal);
    // Where the application accepted by raw events, nobody may have read the connect.
    return state === "connecting" ? event.then((first) => this.#skipConnect(first, signal)) : event;
  }

  /** @throws {ConnectionClosed} for the disconnect. */
  messageOf(event: ReceiveEvent): WebSocketReceiveEvent {
    const message = this.messageIn(event);
    if (message === undefined) throw this.#ending.error;
    return message;
  }

  /** `undefined` for the disconnect. */
  messageIn(event: ReceiveEvent): WebSocketReceiveEvent | undefined {
    this.#note(event);
    return event.type === "websocket.receive" ? event : undefined;
  }

  /** Whether `error` tells that this connection has ended. */
  isEnd(error: unknown): boolean {
    return error instanceof ConnectionClosed && error === this.#ending.error;
  }

  #next(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    if (this.#inbox === undefined && signal === undefined) return this.#receive();
    this.#inbox ??= new Inbox(this.#receive);
    return this.#inbox.next(signal);
  }

  #skipConnect(event: ReceiveEvent, signal: AbortSignal | undefined): ReceiveEvent | Promise<ReceiveEvent> {
    if (event.type !== "websocket.connect") return event;
    this.#note(event);
    return this.#next(signal);
  }

  #note(event: ReceiveEvent): ReceiveEvent {
    if (event.type === "websocket.receive" && this.#state === "connected") return event;
    this.#state = nextState(receiveTransitions, this.#state, event);
    if (event.type === "websocket.disconnect") this.#ending.disconnected(event);
    return event;
  }
}
