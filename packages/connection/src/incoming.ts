import {
  type ClientState,
  nextState,
  type Receive,
  type ReceiveEvent,
  receiveTransitions,
  type WebSocketReceiveEvent,
} from "@ws/events";
import type { Ending } from "./ending.js";
import { Inbox } from "./inbox.js";

/** What comes from the client, and where the client stands by it. */
export class Incoming {
  readonly #inbox: Inbox;
  readonly #ending: Ending;
  #state: ClientState = "connecting";

  constructor(receive: Receive, ending: Ending) {
    this.#inbox = new Inbox(receive);
    this.#ending = ending;
  }

  get state(): ClientState {
    return this.#state;
  }

  /** The next event, whatever it is. */
  receive(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    return this.#inbox.next(signal).then((event) => this.#note(event));
  }

  /** The next event but the connect; it is to be given to `messageOf`. */
  afterConnect(signal: AbortSignal | undefined): Promise<ReceiveEvent> {
    const event = this.#inbox.next(signal);
    // Where the application accepted by raw events, nobody may have read the connect.
    return this.#state === "connecting" ? event.then((first) => this.#skipConnect(first, signal)) : event;
  }

  /** @throws {ConnectionClosed} for the disconnect. */
  messageOf(event: ReceiveEvent): WebSocketReceiveEvent {
    this.#note(event);
    if (event.type !== "websocket.receive") throw this.#ending.error;
    return event;
  }

  #skipConnect(event: ReceiveEvent, signal: AbortSignal | undefined): ReceiveEvent | Promise<ReceiveEvent> {
    if (event.type !== "websocket.connect") return event;
    this.#note(event);
    return this.#inbox.next(signal);
  }

  #note(event: ReceiveEvent): ReceiveEvent {
    if (event.type === "websocket.receive" && this.#state === "connected") return event;
    this.#state = nextState(receiveTransitions, this.#state, event);
    if (event.type === "websocket.disconnect") this.#ending.disconnected(event);
    return event;
  }
}
