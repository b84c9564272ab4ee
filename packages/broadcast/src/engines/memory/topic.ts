import type { Delivery, History, Past, Position } from "../../engine/engine.js";
import { MemoryHistory } from "./history.js";

/** A topic that has subscribers or a history. */
export class MemoryTopic {
  readonly #epoch: string;
  readonly #forget: () => void;
  #sequence = 0;
  #history: MemoryHistory | undefined;
  /** How long the topic is kept after its last message or subscriber, in ms; 0 without a history. */
  #ttl = 0;
  /** Fires when that time is over. It never keeps the process alive. */
  #timer: NodeJS.Timeout | undefined;
  /** Whether that time is over. */
  #isExpired = true;
  #isSubscribed = false;

  /** `forget` is called when the last message that is kept has expired, and again when a later one has. */
  constructor(epoch: string, forget: () => void) {
    this.#epoch = epoch;
    this.#forget = forget;
  }

  /** Whether nobody would notice if this topic began anew. */
  get isIdle(): boolean {
    return !this.#isSubscribed && this.#isExpired;
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** The position of the topic; its sequence is 0 before the first message. */
  get head(): Position {
    return { epoch: this.#epoch, sequence: this.#sequence };
  }

  subscribe(history: History | undefined): void {
    this.#isSubscribed = true;
    this.#ttl = history?.ttl ?? 0;
  }

  /** Removes a subscriber, which may come back within the time of the history. */
  unsubscribe(): void {
    this.#isSubscribed = false;
    if (this.#ttl > 0) this.#live(this.#ttl);
  }

  publish(payload: string, history: History | undefined): Delivery {
    this.#sequence += 1;
    const delivery = { epoch: this.#epoch, sequence: this.#sequence, payload };
    if (history !== undefined) this.#keep(delivery, history);
    return delivery;
  }

  past({ epoch, sequence }: Position): Past {
    if (epoch !== this.#epoch) return { recovered: false };
    if (sequence === this.#sequence) return { recovered: true, deliveries: [] };
    return this.#history?.between(sequence, this.#sequence) ?? { recovered: false };
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #keep(delivery: Delivery, history: History): void {
    this.#history ??= new MemoryHistory(history);
    this.#history.add(delivery);
    this.#live(history.ttl);
  }

  #live(ttl: number): void {
    this.#isExpired = false;
    this.#timer ??= setTimeout(() => {
      this.#isExpired = true;
      this.#forget();
    }, ttl).unref();
    this.#timer.refresh();
  }
}
