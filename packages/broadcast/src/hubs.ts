import type { BroadcastParts } from "./broadcast-parts.js";
import type { Delivery, History, Position } from "./engine.js";
import { Hub, type HubListener } from "./hub.js";

/** From this many known topics on, those that nobody holds any more are looked for when a new one comes. */
const firstSweep = 1_024;

/** The topics of a broadcast by name. One that is not in use lives only as long as somebody holds it. */
export class Hubs implements HubListener {
  readonly #known = new Map<string, WeakRef<Hub>>();
  readonly #active = new Map<string, Hub>();
  #sweepAt = firstSweep;

  /** How many are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** @throws {TypeError} where the topic has another history. */
  get(name: string, history: History | undefined, shared: BroadcastParts): Hub {
    const known = this.#known.get(name)?.deref();
    if (known === undefined) return this.#add(new Hub(name, history, shared, this));
    const isSame = known.history?.size === history?.size && known.history?.ttl === history?.ttl;
    if (isSame) return known;
    throw new TypeError(
      `topic ${name}: expected the history that it has (${textOf(known.history)}), got ${textOf(history)}.` +
        " Likely mistake: options at one place where the topic is made, and others or none at another.",
    );
  }

  active(hub: Hub): void {
    this.#active.set(hub.name, hub);
  }

  idle(hub: Hub): void {
    this.#active.delete(hub.name);
  }

  delivered(topic: string, delivery: Delivery): void {
    this.#active.get(topic)?.delivered(delivery);
  }

  /** Whether the topic is in use, and so knows by itself. */
  poisoned(topic: string): boolean {
    const hub = this.#active.get(topic);
    hub?.poisoned();
    return hub !== undefined;
  }

  resumed(topic: string, head: Position | undefined): void {
    this.#active.get(topic)?.resumed(head);
  }

  up(): void {
    for (const hub of this.#active.values()) hub.up();
  }

  down(): void {
    for (const hub of this.#active.values()) hub.down();
  }

  end(error?: Error): void {
    for (const hub of [...this.#active.values()]) hub.end(error);
    this.#active.clear();
  }

  #add(hub: Hub): Hub {
    if (this.#known.size >= this.#sweepAt) this.#sweep();
    this.#known.set(hub.name, new WeakRef(hub));
    return hub;
  }

  #sweep(): void {
    for (const [name, known] of this.#known) if (known.deref() === undefined) this.#known.delete(name);
    this.#sweepAt = Math.max(firstSweep, 2 * this.#known.size);
  }
}

function textOf(history: History | undefined): string {
  return history === undefined ? "none" : `size ${history.size}, ttl ${history.ttl}`;
}
