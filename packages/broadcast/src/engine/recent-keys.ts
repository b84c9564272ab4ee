import type { Position } from "./engine.js";

/** How long the position of a publish with an idempotency key is remembered, in ms. */
export const keyWindow = 120_000;

/** As many are remembered at a time; above, the oldest is forgotten. */
const most = 10_000;

interface Known {
  readonly position: Promise<Position>;
  /** On the clock of `performance.now()`. */
  readonly until: number;
}

/** The publishes with an idempotency key of this process, for an engine whose server remembers none. */
export class RecentKeys {
  /** The oldest stands first. */
  readonly #known = new Map<string, Known>();

  /** Publishes, or gives the outcome of the first publish of that key on that topic. One that fails is forgotten. */
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
