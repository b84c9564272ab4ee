import type { Delivery, History, Position } from "../engine/engine.js";
import type { BroadcastParts } from "../local/broadcast-parts.js";
import { LocalTopic, type LocalTopicListener } from "../local/local-topic.js";
import type { Member } from "../members/member.js";
import { memberBehind } from "../members/membership.js";
import type { LocalMembers } from "../processes/control.js";

/** When more topics than this are known, each new one causes a search for topics that nobody holds any more. */
const firstSweep = 1_024;

/** The topics of a broadcast by name. A topic that is not in use is kept only as long as somebody refers to it. */
export class TopicRegistry implements LocalTopicListener, LocalMembers {
  readonly #known = new Map<string, WeakRef<LocalTopic>>();
  readonly #active = new Map<string, LocalTopic>();
  #cursor = this.#active.values();
  #sweepAt = firstSweep;

  /** How many topics are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** @throws {TypeError} where the topic has another history. */
  get(name: string, history: History | undefined, shared: BroadcastParts): LocalTopic {
    const known = this.#known.get(name)?.deref();
    if (known === undefined) return this.#add(new LocalTopic(name, history, shared, this));
    const isSame = known.history?.size === history?.size && known.history?.ttl === history?.ttl;
    if (isSame) return known;
    throw new TypeError(
      `topic ${name}: expected the history that it has (${textOf(known.history)}), got ${textOf(history)}.` +
        " Likely mistake: options at one place where the topic is made, and others or none at another.",
    );
  }

  active(local: LocalTopic): void {
    this.#active.set(local.name, local);
  }

  idle(local: LocalTopic): void {
    this.#active.delete(local.name);
  }

  delivered(topic: string, delivery: Delivery): void {
    this.#active.get(topic)?.delivered(delivery);
  }

  /** Counts it where the topic is in use. */
  poisoned(topic: string): boolean {
    const local = this.#active.get(topic);
    local?.poisoned();
    return local !== undefined;
  }

  resumed(topic: string, head: Position | undefined): void {
    this.#active.get(topic)?.resumed(head);
  }

  interrupted(topic: string): void {
    this.#active.get(topic)?.interrupted();
  }

  refused(topic: string, error: Error): void {
    this.#active.get(topic)?.refused(error);
  }

  membersOf(topic: string | null): readonly Member[] {
    const locals = topic === null ? [...this.#active.values()] : [this.#active.get(topic)];
    return locals.flatMap((local) => [...(local?.memberships.values() ?? [])].map(memberBehind));
  }

  /** At most so many of the topics in use. The next call continues behind them, and begins anew after the last one. */
  nextActive(most: number): readonly LocalTopic[] {
    const registry: LocalTopic[] = [];
    while (registry.length < most) {
      const next = this.#cursor.next();
      if (next.done) break;
      registry.push(next.value);
    }
    if (registry.length < most) this.#cursor = this.#active.values();
    return registry;
  }

  up(): void {
    for (const local of this.#active.values()) local.up();
  }

  down(): void {
    for (const local of this.#active.values()) local.interrupted();
  }

  end(error?: Error): void {
    for (const local of [...this.#active.values()]) local.end(error);
    this.#active.clear();
  }

  #add(local: LocalTopic): LocalTopic {
    if (this.#known.size >= this.#sweepAt) this.#sweep();
    this.#known.set(local.name, new WeakRef(local));
    return local;
  }

  #sweep(): void {
    for (const [name, known] of this.#known) if (known.deref() === undefined) this.#known.delete(name);
    this.#sweepAt = Math.max(firstSweep, 2 * this.#known.size);
  }
}

function textOf(history: History | undefined): string {
  return history === undefined ? "none" : `size ${history.size}, ttl ${history.ttl}`;
}
