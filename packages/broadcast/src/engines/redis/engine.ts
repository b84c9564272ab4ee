import { abortable } from "../../engine/abortable.js";
import type { BroadcastError } from "../../engine/broadcast-error.js";
import type { Engine, EngineListener, History, Past, Position, Presence } from "../../engine/engine.js";
import { newEpoch } from "../../engine/epoch.js";
import type { RedisAccess } from "./connect/access.js";
import { closedFailure, downFailure, unreachableFailure } from "./connect/failure.js";
import { RedisKeys } from "./connect/keys.js";
import type { RedisSettings } from "./connect/options.js";
import { RedisReconnector } from "./connect/reconnector.js";
import { readPast } from "./deliver/past.js";
import { RedisSubscriptions } from "./deliver/subscriptions.js";
import { databaseOf, locatorOf } from "./locate.js";
import { RedisPresence } from "./presence/presence.js";
import { RedisOutbox } from "./publish/outbox.js";

/** How long Redis has to note that this process leaves, in ms. */
const leaveTimeout = 1_000;

/** What is used while Redis can be reached. */
interface Use {
  readonly access: RedisAccess;
  readonly outbox: RedisOutbox;
  readonly subscriptions: RedisSubscriptions;
}

/** The engine over Redis. */
export class RedisEngine implements Engine {
  readonly name = "redis";
  readonly order = "topic";
  readonly isShared = true;
  readonly process: string = newEpoch();
  readonly #settings: RedisSettings;
  readonly #keys: RedisKeys;
  readonly #presence: RedisPresence;
  #subscriptions: RedisSubscriptions | undefined;
  #reconnector: RedisReconnector | undefined;
  #use: Use | undefined;
  /** Why Redis cannot be used. */
  #failure: BroadcastError = downFailure("the engine was not started");
  #closed: Promise<void> | undefined;
  #isAssumingTold = false;

  constructor(settings: RedisSettings) {
    this.#settings = settings;
    this.#keys = new RedisKeys(settings.prefix, databaseOf(settings));
    this.#presence = new RedisPresence(this.#keys, this.process);
  }

  async start(listener: EngineListener, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#checkOpen();
    const subscriptions = new RedisSubscriptions(this.#keys, listener);
    const reconnector = new RedisReconnector(locatorOf(this.#settings), {
      opened: (access, isAgain) => this.#opened(access, subscriptions, listener, isAgain),
      lost: (reason) => this.#lost(reason, listener),
    });
    this.#subscriptions = subscriptions;
    this.#reconnector = reconnector;
    try {
      await abortable(reconnector.open(false), signal);
    } catch (error) {
      reconnector.close(downFailure("the start failed"));
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
    key?: string,
  ): Promise<Position> {
    return this.#with(signal, ({ outbox }) => outbox.publish(topic, payload, history, signal, key));
  }

  subscribe(
    topic: string,
    _history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    return this.#with(signal, ({ access, subscriptions }) =>
      abortable(subscriptions.add(access, topic, signal), signal),
    );
  }

  async unsubscribe(topic: string): Promise<void> {
    await this.#subscriptions?.remove(this.#use?.access, topic);
  }

  head(
    topic: string,
    _epoch: string,
    _history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    return this.#with(signal, ({ access }) => abortable(access.head(this.#keys.head(topic)), signal));
  }

  past(topic: string, after: Position, history: History, signal: AbortSignal): Promise<Past> {
    return this.#with(signal, ({ access }) =>
      abortable(readPast(access, this.#keys, topic, after, history), signal),
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
    return this.#with(signal, ({ access }) => abortable(this.#presence.members(access, topic), signal));
  }

  say(text: string, signal: AbortSignal): Promise<number> {
    return this.#with(signal, ({ access }) => abortable(access.say(this.#keys.control, text), signal));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#use = undefined;
    await abortable(this.#presence.close(), AbortSignal.timeout(leaveTimeout)).catch(() => undefined);
    this.#presence.detach();
    this.#reconnector?.close(closedFailure());
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

  /**
   * Prepares a new access. `returned` is first told that Redis is back and then the positions of the topics, so that missed
   * messages can be requested.
   */
  async #opened(
    access: RedisAccess,
    subscriptions: RedisSubscriptions,
    listener: EngineListener,
    isAgain: boolean,
  ): Promise<void> {
    this.#tellAssumptions(access);
    access.onInterrupted = (channels) => subscriptions.interrupted(access, channels);
    access.onRegained = () => this.#presence.rewrite();
    // A user that may not listen to the control channel has to do without it. Topics are not affected.
    const listening = access
      .listen(this.#keys.control, (text) => listener.heard(text))
      .catch(() => undefined);
    const tellHeads = await subscriptions.resume(access);
    await listening;
    access.check();
    this.#use = { access, subscriptions, outbox: new RedisOutbox(access, this.#keys) };
    this.#presence.attach(access);
    if (isAgain) listener.up();
    tellHeads();
  }

  #tellAssumptions({ isRunKnown }: RedisAccess): void {
    if (isRunKnown || this.#isAssumingTold) return;
    this.#isAssumingTold = true;
    process.emitWarning(
      "redis: this user may not call INFO, so a restart of the server can't be told from a lost connection: it is taken " +
        "to have all of its data still. Where it may come back with older data, allow the user +info.",
      { type: "BroadcastWarning", code: "WS_REDIS_INFO" },
    );
  }

  #lost(reason: string, listener: EngineListener): void {
    this.#use = undefined;
    this.#failure = downFailure(reason);
    this.#presence.detach();
    listener.down(reason);
  }
}
