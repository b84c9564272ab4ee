import { abortable } from "./abortable.js";
import type { BroadcastError } from "./broadcast-error.js";
import type { Engine, EngineListener, History, Past, Position, Presence } from "./engine.js";
import { closedFailure, downFailure, unreachableFailure } from "./redis-failure.js";
import { RedisKeeper } from "./redis-keeper.js";
import { RedisKeys } from "./redis-keys.js";
import type { RedisLink } from "./redis-link.js";
import type { RedisSettings } from "./redis-options.js";
import { RedisOutbox } from "./redis-outbox.js";
import { readPast } from "./redis-past.js";
import { RedisPresence } from "./redis-presence.js";
import { RedisSubscriptions } from "./redis-subscriptions.js";

/** How long Redis is given to hear that this process leaves, in ms. */
const farewell = 1_000;

/** What there is while Redis can be reached. */
interface Use {
  readonly link: RedisLink;
  readonly outbox: RedisOutbox;
  readonly subscriptions: RedisSubscriptions;
}

/** Topics over Redis. */
export class RedisEngine implements Engine {
  readonly name = "redis";
  readonly order = "topic";
  readonly isShared = true;
  readonly #settings: RedisSettings;
  readonly #keys: RedisKeys;
  readonly #presence: RedisPresence;
  #subscriptions: RedisSubscriptions | undefined;
  #keeper: RedisKeeper | undefined;
  #use: Use | undefined;
  /** Why there is nothing to use. */
  #failure: BroadcastError = downFailure("the engine was not started");
  #closed: Promise<void> | undefined;

  constructor(settings: RedisSettings) {
    this.#settings = settings;
    this.#keys = new RedisKeys(settings.prefix);
    this.#presence = new RedisPresence(this.#keys);
  }

  async start(listener: EngineListener, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#checkOpen();
    const subscriptions = new RedisSubscriptions(this.#keys, listener);
    const keeper = new RedisKeeper(this.#settings, {
      opened: (link, isAgain) => this.#opened(link, subscriptions, isAgain ? listener : undefined),
      lost: (reason) => this.#lost(reason, listener),
    });
    this.#subscriptions = subscriptions;
    this.#keeper = keeper;
    try {
      await abortable(keeper.open(false), signal);
    } catch (error) {
      keeper.close(downFailure("the start failed"));
      signal.throwIfAborted();
      this.#checkOpen();
      throw unreachableFailure(error);
    }
  }

  publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position> {
    return this.#with(signal, ({ outbox }) => outbox.publish(topic, payload, history, signal));
  }

  subscribe(
    topic: string,
    _history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    return this.#with(signal, ({ link, subscriptions }) =>
      abortable(subscriptions.add(link, topic, signal), signal),
    );
  }

  async unsubscribe(topic: string): Promise<void> {
    await this.#subscriptions?.remove(this.#use?.link, topic);
  }

  past(topic: string, after: Position, history: History, signal: AbortSignal): Promise<Past> {
    return this.#with(signal, ({ link }) =>
      abortable(readPast(link, this.#keys, topic, after, history), signal),
    );
  }

  async enter(topic: string, id: string, as: unknown): Promise<void> {
    this.#checkOpen();
    await this.#presence.enter(topic, id, as);
  }

  leave(topic: string, id: string): Promise<void> {
    return this.#presence.leave(topic, id);
  }

  members(topic: string, signal: AbortSignal): Promise<readonly Presence[]> {
    return this.#with(signal, ({ link }) => abortable(this.#presence.members(link, topic), signal));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#use = undefined;
    await abortable(this.#presence.close(), AbortSignal.timeout(farewell)).catch(() => undefined);
    this.#presence.detach();
    this.#keeper?.close(closedFailure());
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw closedFailure();
  }

  async #with<T>(signal: AbortSignal, work: (use: Use) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    this.#checkOpen();
    if (this.#use === undefined) throw this.#failure;
    return await work(this.#use);
  }

  /** `returned` is told first that Redis is back, then where the topics stand, so that it can ask for their past. */
  async #opened(
    link: RedisLink,
    subscriptions: RedisSubscriptions,
    returned: EngineListener | undefined,
  ): Promise<void> {
    const tellHeads = await subscriptions.resume(link);
    link.check();
    this.#use = { link, subscriptions, outbox: new RedisOutbox(link, this.#keys) };
    this.#presence.attach(link);
    returned?.up();
    tellHeads();
  }

  #lost(reason: string, listener: EngineListener): void {
    this.#use = undefined;
    this.#failure = downFailure(reason);
    this.#presence.detach();
    listener.down(reason);
  }
}
