import { prepare, type WebSocketSendEvent } from "@ws/events";
import type { Delivery } from "../engine/engine.js";
import { throwLater } from "./listener-errors.js";

/**
 * Makes the text that a connection is sent for a message. It is called once per process and message, however many
 * connections use the same function.
 */
export type Encode = (message: Delivery & { readonly topic: string }) => string;

/** Encloses a note in front of a payload: ASCII's unit separator, which no JSON text can contain. */
const separator = "\u001f";

/** A payload with a note for its own process: the message goes to all members except this one. */
export function formatExcept(self: string, member: number, payload: string): string {
  return `${separator}${self}.${member}${separator}${payload}`;
}

/** A message on its way to the receivers of this process. It is framed once, however many receivers there are. */
export class Message implements Delivery {
  readonly epoch: string;
  readonly sequence: number;
  readonly payload: string;
  /** The number of the member of this process that does not get the message; 0 where all members get it. */
  readonly except: number;
  #bare: WebSocketSendEvent | undefined;
  #positioned: WebSocketSendEvent | undefined;
  #encoded: Map<Encode, WebSocketSendEvent> | undefined;
  #skipped: Message | undefined;

  /** `self` is the name of this process in notes. */
  constructor({ epoch, sequence, payload }: Delivery, self = "") {
    this.epoch = epoch;
    this.sequence = sequence;
    const end = payload.startsWith(separator) ? payload.indexOf(separator, 1) : 0;
    this.payload = end > 0 ? payload.slice(end + 1) : payload;
    this.except =
      end > 0 && payload.startsWith(`${self}.`, 1) ? Number(payload.slice(self.length + 2, end)) : 0;
  }

  /** What the members that do not get the message are sent in its place: only its position. */
  get skipped(): Message {
    this.#skipped ??= new Message({ epoch: this.epoch, sequence: this.sequence, payload: "" });
    return this.#skipped;
  }

  /** Whether there is only the position. The payload is empty then, which JSON never is. */
  get isSkipped(): boolean {
    return this.payload === "";
  }

  /** The frame for a member. @throws {Error} as `encoded`. */
  frameFor(
    { topic, positions }: { readonly topic: string; readonly positions: boolean },
    encode: Encode | undefined,
  ): WebSocketSendEvent {
    return encode === undefined ? this.event(positions) : this.encoded(topic, encode);
  }

  /** What a connection is sent: the JSON as it came or, with its position, `{ message, epoch, sequence }`. */
  event(withPosition: boolean): WebSocketSendEvent {
    if (withPosition)
      this.#positioned ??= prepare({ type: "websocket.send", text: this.#textWithPosition() });
    else this.#bare ??= prepare({ type: "websocket.send", text: this.payload });
    return (withPosition ? this.#positioned : this.#bare) as WebSocketSendEvent;
  }

  /**
   * What a connection with its own encoder is sent. It is made once for each encoder. A failure of the encoder is reported
   * as an uncaught exception, and is thrown here as well, so that it ends only this member.
   *
   * @throws {TypeError} for a result that is no text, and whatever the encoder throws.
   */
  encoded(topic: string, encode: Encode): WebSocketSendEvent {
    const known = this.#encoded?.get(encode);
    if (known !== undefined) return known;
    const event = prepare({ type: "websocket.send", text: this.#textBy(topic, encode) });
    this.#encoded ??= new Map();
    this.#encoded.set(encode, event);
    return event;
  }

  #textBy(topic: string, encode: Encode): string {
    const { epoch, sequence, payload } = this;
    try {
      const text: unknown = encode({ topic, epoch, sequence, payload });
      if (typeof text === "string") return text;
      throw new TypeError(`encode: expected a function that gives a string, got ${typeof text} of it`);
    } catch (error) {
      throwLater(error);
      throw error;
    }
  }

  #textWithPosition(): string {
    const epoch = JSON.stringify(this.epoch);
    return `{"message":${this.payload},"epoch":${epoch},"sequence":${this.sequence}}`;
  }
}
