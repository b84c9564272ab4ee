import type { Position } from "./engine.js";

/** How long the position of a publish with an idempotency key is remembered, in ms. */
export const keyWindow = 120_000;

/** How many keys are remembered at a time. Above this number the oldest is forgotten. */
const most = 10_000;

interface Known {
  readonly position: Promise<Position>;
  /** Until when it is remembered, in ms of `performance.now()`. */
  readonly until: number;
}

/** Remembers the idempotency keys of this process's publishes, for an engine whose server does not remember them. */
export class RecentKeys {
  /** The keys, the oldest first. */
  readonly #known = new Map<string, Known>();

  /**
   * Publishes, or returns the outcome of the first publish with that key on that topic. A publish that failed is forgotten.
   */
  once(topic: string, key: string, publish: () => Promise<Position>): Promise<Position> {
    const name = `${topic} ${key}`;
    this.#forgetOld();
    const known = this.#known.get(name);
    if (known !== undefined) return known.position;
    const position = publish();
    this.#known.set(name, { position, until: performance.now() + keyWindow });
    position.catch(() => this.#known.delete(name));
    return position;
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const [name, { until }] of this.#known) {
      if (until > now && this.#known.size < most) return;
      this.#known.delete(name);
    }
  }
}
