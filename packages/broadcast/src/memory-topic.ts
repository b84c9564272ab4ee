import type { Delivery, History, Past, Position } from "./engine.js";
import { MemoryHistory } from "./memory-history.js";

/** A topic that somebody listens to, or whose past somebody may ask for. */
export class MemoryTopic {
  readonly #epoch: string;
  readonly #forget: () => void;
  #sequence = 0;
  #history: MemoryHistory | undefined;
  /** When the last message's time is over. Never keeps the process alive. */
  #timer: NodeJS.Timeout | undefined;
  /** Nothing is kept any more. */
  #isExpired = true;
  isSubscribed = false;

  /** `forget` is called when the last message that is kept has expired, and again when another has. */
  constructor(epoch: string, forget: () => void) {
    this.#epoch = epoch;
    this.#forget = forget;
  }

  /** Whether nobody would notice if this topic began anew. */
  get isIdle(): boolean {
    return !this.isSubscribed && this.#isExpired;
  }

  /** Where the topic stands; `undefined` before its first message. */
  get head(): Position | undefined {
    return this.#sequence === 0 ? undefined : { epoch: this.#epoch, sequence: this.#sequence };
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
    this.#isExpired = false;
    this.#timer ??= setTimeout(() => {
      this.#isExpired = true;
      this.#forget();
    }, history.ttl).unref();
    this.#timer.refresh();
  }
}
