import { prepare, type WebSocketSendEvent } from "@ws/events";
import type { Delivery } from "./engine.js";

/** One message on its way to the receivers of this process: framed once, however many they are. */
export class Message implements Delivery {
  readonly epoch: string;
  readonly sequence: number;
  readonly payload: string;
  #bare: WebSocketSendEvent | undefined;
  #positioned: WebSocketSendEvent | undefined;

  constructor({ epoch, sequence, payload }: Delivery) {
    this.epoch = epoch;
    this.sequence = sequence;
    this.payload = payload;
  }

  /** What a connection is sent: the JSON as it came or, with its position, `{ message, epoch, sequence }`. */
  event(withPosition: boolean): WebSocketSendEvent {
    if (withPosition)
      this.#positioned ??= prepare({ type: "websocket.send", text: this.#textWithPosition() });
    else this.#bare ??= prepare({ type: "websocket.send", text: this.payload });
    return (withPosition ? this.#positioned : this.#bare) as WebSocketSendEvent;
  }

  #textWithPosition(): string {
    const epoch = JSON.stringify(this.epoch);
    return `{"message":${this.payload},"epoch":${epoch},"sequence":${this.sequence}}`;
  }
}
