import { setTimeout as pause } from "node:timers/promises";
import { offAbort, onAbort } from "./aborts.js";
import type { EngineListener, Position } from "./engine.js";
import { backoff } from "./redis-backoff.js";
import { parseEnvelope } from "./redis-envelope.js";
import type { RedisKeys } from "./redis-keys.js";
import type { RedisLink } from "./redis-link.js";
import { RedisTurns } from "./redis-turns.js";

/** What is asked of a link here. */
export type Source = Pick<RedisLink, "subscribe" | "unsubscribe" | "head" | "isOver">;

/** Which topics are subscribed, over every interruption, and what comes of them. */
export class RedisSubscriptions {
  readonly #keys: RedisKeys;
  readonly #listener: EngineListener;
  /** Each with a mark of its own, so that a topic that was left and entered again is not taken for the same. */
  readonly #marks = new Map<string, object>();
  /** The client would take a topic that is entered while it is being left for one that it has. */
  readonly #turns = new RedisTurns();

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
      // It may be subscribed all the same, where its head alone can't be told.
      if (isThis()) void this.remove(source, topic);
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
   * Subscribes everything on a new link; gives the function that tells where the topics stand. A topic that Redis
   * refuses does not hold up the others: from then on it is tried until it is subscribed.
   */
  async resume(source: Source): Promise<() => void> {
    const marks = [...this.#marks];
    const heads = await Promise.allSettled(marks.map(([topic]) => this.#subscribe(source, topic)));
    return () => {
      for (const [index, [topic, mark]] of marks.entries()) {
        const head = heads[index] as PromiseSettledResult<Position | undefined>;
        if (!this.#marks.has(topic)) void this.#unsubscribe(source, topic);
        else if (head.status === "rejected") void this.#insist(source, topic, mark);
        else if (this.#marks.get(topic) === mark) this.#listener.resumed(topic, head.value);
      }
    };
  }

  /** Tries until it is subscribed, nobody wants it any more, or the link ends. */
  async #insist(source: Source, topic: string, mark: object): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await pause(backoff(attempt), undefined, { ref: false });
      if (this.#marks.get(topic) !== mark || source.isOver) return;
      try {
        const head = await this.#turns.take(topic, () => this.#subscribe(source, topic));
        if (this.#marks.get(topic) === mark) this.#listener.resumed(topic, head);
        return;
      } catch {
        // Why is told by the next call for this topic; until then it may pass.
      }
    }
  }

  /** Asks for the head behind the subscription at once. */
  async #subscribe(source: Source, topic: string): Promise<Position | undefined> {
    const subscribed = source.subscribe(this.#keys.channel(topic), this.#take);
    const head = source.head(this.#keys.head(topic));
    return (await Promise.all([subscribed, head]))[1];
  }

  async #unsubscribe(source: Source, topic: string): Promise<void> {
    const unsubscribe = (): Promise<void> => source.unsubscribe(this.#keys.channel(topic));
    await this.#turns.take(topic, unsubscribe).catch(() => undefined);
  }

  readonly #take = (message: string, channel: string): void => {
    const topic = this.#keys.topicOf(channel);
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
  };
}
