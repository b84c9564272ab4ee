import type { Delivery, History, Past } from "../../engine/engine.js";

interface Kept {
  readonly delivery: Delivery;
  /** When it was published, in ms of a clock that never goes back. */
  readonly at: number;
}

/** The last messages of a topic, in a ring. */
export class MemoryHistory {
  /** The message with sequence `n` is at index `n % size`. */
  readonly #ring: Kept[] = [];
  readonly #size: number;
  readonly #ttl: number;

  constructor({ size, ttl }: History) {
    this.#size = size;
    this.#ttl = ttl;
  }

  add(delivery: Delivery): void {
    this.#ring[delivery.sequence % this.#size] = { delivery, at: performance.now() };
  }

  /** All messages above `after` up to and including `last`, if all of them are still kept. */
  between(after: number, last: number): Past {
    if (after > last || last - after > this.#size) return { recovered: false };
    const oldest = performance.now() - this.#ttl;
    const deliveries: Delivery[] = [];
    for (let sequence = after + 1; sequence <= last; sequence += 1) {
      const kept = this.#ring[sequence % this.#size];
      if (kept?.delivery.sequence !== sequence || kept.at <= oldest) return { recovered: false };
      deliveries.push(kept.delivery);
    }
    return { recovered: true, deliveries };
  }
}
