import { formatJson } from "@ws/contract/validation";
import {
  type ApplicationState,
  nextState,
  type OnFailedCall,
  type Send,
  type SendEvent,
  sendTransitions,
  trackedRejection,
  trackPromise,
} from "@ws/events";
import type { CloseTracker } from "./close-tracker.js";
import type { ReceiveState } from "./receive-state.js";

/** Sends the application's events, and keeps the state of the application's side. */
export class SendState {
  readonly #send: Send;
  readonly #received: ReceiveState;
  readonly #closing: CloseTracker;
  /** Tells the server of a rejection that nobody awaits; `undefined` where the server offers no such function. */
  readonly #onFailedCall: OnFailedCall | undefined;
  #state: ApplicationState = "connecting";

  constructor(
    send: Send,
    received: ReceiveState,
    closing: CloseTracker,
    onFailedCall: OnFailedCall | undefined,
  ) {
    this.#send = send;
    this.#received = received;
    this.#closing = closing;
    this.#onFailedCall = onFailedCall;
  }

  /** The state of the application's side, which changes when the server has accepted what was sent. */
  get state(): ApplicationState {
    return this.#state;
  }

  /** Sends an event that `call` made. A message on an open connection is passed on directly. */
  send(event: SendEvent, call: string): Promise<void> {
    const isOpen = this.#state === "connected" && this.#received.state === "connected";
    if (!isOpen || event.type !== "websocket.send") {
      return trackPromise(this.transition(event), call, this.#onFailedCall);
    }
    const sending = this.#send(event);
    // Where the server cannot be told of a rejection, there is no use in tracking the promise.
    return this.#onFailedCall === undefined ? sending : trackPromise(sending, call, this.#onFailedCall);
  }

  /** Sends the event that `toEvent` makes of the value's JSON. For a value that JSON cannot represent, `call` rejects. */
  sendJson(value: unknown, toEvent: (json: string) => SendEvent, call: string): Promise<void> {
    let event: SendEvent;
    try {
      event = toEvent(formatJson(value));
    } catch (error) {
      return trackedRejection(error, call, this.#onFailedCall);
    }
    return this.send(event, call);
  }

  /** Sends an event that changes the state, or that the state may forbid. */
  async transition(event: SendEvent): Promise<void> {
    if (this.#state === "disconnected" || this.#received.state === "disconnected") {
      if (event.type === "websocket.close") return;
      throw this.#closing.error;
    }
    const state = this.#state;
    const next = nextState<ApplicationState>(sendTransitions, state, event);
    await this.#send(event);
    this.#state = next;
    this.#received.isAnswered = true;
    if (next !== "disconnected") return;
    if (state === "connected" && event.type === "websocket.close") this.#closing.closedByApplication(event);
    else this.#closing.refused();
  }
}
