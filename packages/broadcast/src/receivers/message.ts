import { prepare, type WebSocketSendEvent } from "@ws/events";
import type { Delivery } from "../engine/engine.js";
import { throwLater } from "./listener-errors.js";

/**
 * Makes the text that a connection is sent of a message; called once per process and message, however many connections have
 * the same function.
 */
export type Encode = (message: Delivery & { readonly topic: string }) => string;

/** What a note stands between, ahead of a payload: ASCII's unit separator, which no JSON text can hold. */
const separator = "\u001f";

/** A payload with a note for its own process: it goes to all but that member. */
export function formatExcept(self: string, member: number, payload: string): string {
  return `${separator}${self}.${member}${separator}${payload}`;
}

/** One message on its way to the receivers of this process: framed once, however many they are. */
export class Message implements Delivery {
  readonly epoch: string;
  readonly sequence: number;
  readonly payload: string;
  /** The number of the member of this process that does not get it; 0 where all do. */
  readonly except: number;
  #bare: WebSocketSendEvent | undefined;
  #positioned: WebSocketSendEvent | undefined;
  #encoded: Map<Encode, WebSocketSendEvent> | undefined;
  #skipped: Message | undefined;

  /** `self` is the name that notes for this process have. */
  constructor({ epoch, sequence, payload }: Delivery, self = "") {
    this.epoch = epoch;
    this.sequence = sequence;
    const end = payload.startsWith(separator) ? payload.indexOf(separator, 1) : 0;
    this.payload = end > 0 ? payload.slice(end + 1) : payload;
    this.except =
      end > 0 && payload.startsWith(`${self}.`, 1) ? Number(payload.slice(self.length + 2, end)) : 0;
  }

  /** What stands in its place for those who do not get it: the position alone. */
  get skipped(): Message {
    this.#skipped ??= new Message({ epoch: this.epoch, sequence: this.sequence, payload: "" });
    return this.#skipped;
  }

  /** Whether there is but the position: JSON is never empty. */
  get isSkipped(): boolean {
    return this.payload === "";
  }

  /** What a member is sent. @throws {Error} as `encoded`. */
  frameFor(
    { topic, positions }: { readonly topic: string; readonly positions: boolean },
    {
      encode,
      encodeSkipped,
    }: { readonly encode?: Encode | undefined; readonly encodeSkipped?: Encode | undefined },
  ): WebSocketSendEvent {
    const encoder = this.isSkipped ? encodeSkipped : encode;
    return encoder === undefined ? this.event(positions) : this.encoded(topic, encoder);
  }

  /** What a connection is sent: the JSON as it came or, with its position, `{ message, epoch, sequence }`. */
  event(withPosition: boolean): WebSocketSendEvent {
    if (withPosition)
      this.#positioned ??= prepare({ type: "websocket.send", text: this.#textWithPosition() });
    else this.#bare ??= prepare({ type: "websocket.send", text: this.payload });
    return (withPosition ? this.#positioned : this.#bare) as WebSocketSendEvent;
  }

  /**
   * What a connection of an encoder of its own is sent; made once for each encoder. A mistake of that function is told as an
   * uncaught exception, and thrown here, so that it ends this member alone.
   *
   * @throws {TypeError} for what is no text, and whatever the encoder throws.
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
