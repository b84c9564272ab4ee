import { type Aborted, offAbort, onAbort } from "../../../engine/aborts.js";
import type { Position } from "../../../engine/engine.js";
import type { ReplyAddress } from "./reply-mux.js";
import type { Stream } from "./streams.js";

/** A message to publish. */
export interface Content {
  readonly topic: string;
  readonly payload: string;
  /** The stream that stores it; `undefined` where the topic has no history. */
  readonly stream: Stream | undefined;
  /** The idempotency key, by which JetStream recognizes the message when it comes again. */
  readonly key?: string | undefined;
}

/** The caller that waits for it. */
export interface Sender {
  readonly signal: AbortSignal;
  readonly resolve: (position: Position) => void;
  readonly reject: (error: unknown) => void;
}

/** One message on its way to the server. It is under way until it is accepted, refused or given up. */
export class Parcel implements Aborted {
  readonly topic: string;
  readonly payload: string;
  readonly stream: Stream | undefined;
  readonly key: string | undefined;
  /** The address to which JetStream answers. */
  reply: ReplyAddress | undefined;
  readonly #sender: Sender;
  readonly #underWay: Set<Parcel>;

  constructor({ topic, payload, stream, key }: Content, sender: Sender, underWay: Set<Parcel>) {
    this.topic = topic;
    this.payload = payload;
    this.stream = stream;
    this.key = key;
    this.#sender = sender;
    this.#underWay = underWay;
    underWay.add(this);
    if (sender.signal.aborted) this.aborted();
    else onAbort(sender.signal, this);
  }

  resolve(position: Position): void {
    this.#settle();
    this.#sender.resolve(position);
  }

  reject(error: unknown): void {
    this.#settle();
    this.stream?.forget();
    this.#sender.reject(error);
  }

  /** The signal of the caller was aborted. */
  aborted(): void {
    this.reject(this.#sender.signal.reason);
  }

  #settle(): void {
    this.#underWay.delete(this);
    this.reply?.close();
    offAbort(this.#sender.signal, this);
  }
}
