import { offAbort, onAbort } from "./aborts.js";
import type { EngineListener, Position } from "./engine.js";
import { parseEnvelope } from "./redis-envelope.js";
import type { RedisKeys } from "./redis-keys.js";
import type { RedisLink } from "./redis-link.js";
import { RedisTurns } from "./redis-turns.js";

/** What is asked of a link here. */
export type Source = Pick<RedisLink, "subscribe" | "unsubscribe" | "head">;

/** Which topics are subscribed, over every interruption, and what comes of them. */
export class RedisSubscriptions {
  readonly #keys: RedisKeys;
  readonly #listener: EngineListener;
  /** Each with a mark of its own, so that a topic that was left and entered again is not taken for the same. */
  readonly #marks = new Map<string, object>();
  /** The client would take a topic that is entered while it is being left for one that it has. */
  readonly #turns = new RedisTurns();
  /** What comes while it isn't known where the topics stand; `undefined` otherwise. */
  #held: [topic: string, message: string][] | undefined;

  constructor(keys: RedisKeys, listener: EngineListener) {
    this.#keys = keys;
    this.#listener = listener;
  }

  /** Resolves when Redis has subscribed it, with where it stands. */
  async add(source: Source, topic: string, signal: AbortSignal): Promise<Position | undefined> {
    const mark = {};
    this.#marks.set(topic, mark);
    const isThis = (): boolean => this.#marks.get(topic) === mark;
    const watcher = { aborted: (): void => void (isThis() && this.remove(source, topic)) };
    onAbort(signal, watcher);
    try {
      return await this.#turns.take(topic, () => this.#subscribe(source, topic));
    } catch (error) {
      if (isThis()) this.#marks.delete(topic);
      throw error;
    } finally {
      offAbort(signal, watcher);
    }
  }

  /** Resolves when Redis knows; where it can't be told, it doesn't matter. */
  async remove(source: Source | undefined, topic: string): Promise<void> {
    if (this.#marks.delete(topic) && source !== undefined) await this.#unsubscribe(source, topic);
  }

  /**
   * Subscribes everything on a new link. Until the function that it gives is called, which tells where the topics
   * stand, what comes is held.
   */
  async resume(source: Source): Promise<() => void> {
    const held: [topic: string, message: string][] = [];
    this.#held = held;
    const marks = [...this.#marks];
    const channels = marks.map(([topic]) => this.#keys.channel(topic));
    const subscribed = source.subscribe(channels, this.#take);
    const heads = marks.map(([topic]) => source.head(this.#keys.head(topic)));
    const [, ...positions] = await Promise.all([subscribed, ...heads]);
    return () => {
      marks.forEach(([topic, mark], index) => {
        if (this.#marks.get(topic) === mark) this.#listener.resumed(topic, positions[index]);
        else if (!this.#marks.has(topic)) void this.#unsubscribe(source, topic);
      });
      this.#held = undefined;
      for (const [topic, message] of held) this.#deliver(topic, message);
    };
  }

  /** Asks for the head behind the subscription at once. */
  async #subscribe(source: Source, topic: string): Promise<Position | undefined> {
    const subscribed = source.subscribe([this.#keys.channel(topic)], this.#take);
    const head = source.head(this.#keys.head(topic));
    return (await Promise.all([subscribed, head]))[1];
  }

  async #unsubscribe(source: Source, topic: string): Promise<void> {
    const unsubscribe = (): Promise<void> => source.unsubscribe(this.#keys.channel(topic));
    await this.#turns.take(topic, unsubscribe).catch(() => undefined);
  }

  readonly #take = (message: string, channel: string): void => {
    const topic = this.#keys.topicOf(channel);
    if (this.#held === undefined) this.#deliver(topic, message);
    else this.#held.push([topic, message]);
  };

  #deliver(topic: string, message: string): void {
    const mark = this.#marks.get(topic);
    if (mark === undefined) return;
    const envelope = parseEnvelope(message);
    if (envelope === undefined) return this.#listener.poisoned(topic);
    const { epoch, payloads } = envelope;
    let { sequence } = envelope;
    for (const payload of payloads) {
      if (this.#marks.get(topic) !== mark) return;
      this.#listener.delivered(topic, { epoch, sequence, payload });
      sequence++;
    }
  }
}
