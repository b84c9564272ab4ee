import { setTimeout as pause } from "node:timers/promises";
import { offAbort, onAbort } from "../../../engine/aborts.js";
import type { EngineListener, Position } from "../../../engine/engine.js";
import type { RedisAccess } from "../connect/access.js";
import { backoff } from "../connect/backoff.js";
import type { RedisKeys } from "../connect/keys.js";
import { parseEnvelope } from "./envelope.js";
import { KeyedMutex } from "./keyed-mutex.js";

/** After how many further failed attempts an interruption is reported as a refusal. */
const patience = 2;

/** The part of the access that is used here. */
export type Source = Pick<RedisAccess, "subscribe" | "unsubscribe" | "head" | "begin" | "isOver">;

/** The subscribed topics, which stay subscribed over every interruption. */
export class RedisSubscriptions {
  readonly #keys: RedisKeys;
  readonly #listener: EngineListener;
  /**
   * The subscribed topics. Each has a mark of its own, so that a topic that was left and subscribed again is not taken for
   * the earlier one.
   */
  readonly #marks = new Map<string, object>();
  /**
   * Without it, the client would take a topic that is subscribed while it is being left for one that is subscribed already.
   */
  readonly #mutex = new KeyedMutex();

  constructor(keys: RedisKeys, listener: EngineListener) {
    this.#keys = keys;
    this.#listener = listener;
  }

  /** Resolves with the position of the topic when Redis has subscribed it. */
  async add(source: Source, topic: string, signal: AbortSignal): Promise<Position | undefined> {
    const mark = {};
    this.#marks.set(topic, mark);
    const isThis = (): boolean => this.#marks.get(topic) === mark;
    const watcher = { aborted: (): void => void (isThis() && this.remove(source, topic)) };
    onAbort(signal, watcher);
    try {
      return await this.#mutex.run(topic, () => this.#begin(source, topic));
    } catch (error) {
      // It may be subscribed although its position could not be read.
      if (isThis()) void this.remove(source, topic);
      throw error;
    } finally {
      offAbort(signal, watcher);
    }
  }

  /** Resolves when Redis has ended the subscription. A failure is ignored, because the connection is lost then. */
  async remove(source: Source | undefined, topic: string): Promise<void> {
    if (this.#marks.delete(topic) && source !== undefined) await this.#unsubscribe(source, topic);
  }

  /**
   * Subscribes all topics on a new link. It returns the function that reports their positions. A topic that Redis refuses
   * does not delay the others: it is tried until it is subscribed.
   */
  async resume(source: Source): Promise<() => void> {
    const marks = [...this.#marks];
    const heads = await Promise.allSettled(marks.map(([topic]) => this.#subscribe(source, topic)));
    return () => {
      for (const [index, [topic, mark]] of marks.entries()) {
        const head = heads[index] as PromiseSettledResult<Position | undefined>;
        if (!this.#marks.has(topic)) void this.#unsubscribe(source, topic);
        else if (head.status === "rejected") void this.#insist(source, topic, mark, head.reason);
        else if (this.#marks.get(topic) === mark) this.#listener.resumed(topic, head.value);
      }
    };
  }

  /** Redis can be reached, but these channels have to be subscribed again. That is tried until it succeeds. */
  interrupted(source: Source, channels: readonly string[]): void {
    for (const channel of channels) {
      const topic = this.#keys.topicOf(channel);
      const mark = this.#marks.get(topic);
      if (mark === undefined) continue;
      this.#listener.interrupted?.(topic);
      void this.#insist(source, topic, mark);
    }
  }

  /**
   * Tries until the topic is subscribed, or nobody uses it any more, or the access ends. `why` is given where it was already
   * refused. Otherwise it is tried at once, and the first failures are not reported, because a slot that moves is soon at
   * its new node.
   */
  async #insist(source: Source, topic: string, mark: object, why?: Error): Promise<void> {
    if (why !== undefined) this.#listener.refused?.(topic, why);
    for (let attempt = why === undefined ? -1 : 0; ; attempt++) {
      if (attempt >= 0) await pause(backoff(attempt), undefined, { ref: false });
      if (this.#marks.get(topic) !== mark || source.isOver) return;
      try {
        const head = await this.#mutex.run(topic, () => this.#subscribe(source, topic));
        if (this.#marks.get(topic) === mark) this.#listener.resumed(topic, head);
        return;
      } catch (error) {
        const isTold = why !== undefined || attempt >= patience;
        if (isTold && this.#marks.get(topic) === mark && !source.isOver)
          this.#listener.refused?.(topic, error as Error);
      }
    }
  }

  /** Subscribes and sends the request for the position directly behind it. */
  async #subscribe(source: Source, topic: string): Promise<Position | undefined> {
    const subscribed = source.subscribe(this.#keys.channel(topic), this.#take);
    const head = source.head(this.#keys.head(topic));
    return (await Promise.all([subscribed, head]))[1];
  }

  /** Begins an epoch, so that a topic in which nothing was published has a position as well. */
  async #begin(source: Source, topic: string): Promise<Position | undefined> {
    const head = await this.#subscribe(source, topic);
    return head ?? (await source.begin(this.#keys.head(topic), this.#keys.log(topic)));
  }

  async #unsubscribe(source: Source, topic: string): Promise<void> {
    const unsubscribe = (): Promise<void> => source.unsubscribe(this.#keys.channel(topic));
    await this.#mutex.run(topic, unsubscribe).catch(() => undefined);
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
