import type { History, Position } from "../../../engine/engine.js";
import { backoff } from "../connect/backoff.js";
import type { Names } from "../connect/names.js";
import { within } from "../connect/within.js";
import type { Session } from "../session/session.js";
import { type Feed, PassingFeed } from "./feed.js";
import { StoredFeed } from "./stored-feed.js";

interface Subscribed {
  readonly topic: string;
  readonly history: History | undefined;
  feed: Feed | undefined;
}

/** The topics to which this process is subscribed, over all connections that it has one after the other. */
export class Subscriptions {
  readonly #names: Names;
  readonly #topics = new Map<string, Subscribed>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** Subscribes a topic. If that fails, the topic is not subscribed. */
  async add(
    session: Session,
    topic: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    const subscribed: Subscribed = { topic, history, feed: undefined };
    this.#topics.set(topic, subscribed);
    try {
      return await within(this.#feed(session, subscribed), signal);
    } catch (error) {
      this.#remove(subscribed);
      throw error;
    }
  }

  remove(topic: string): void {
    const subscribed = this.#topics.get(topic);
    if (subscribed !== undefined) this.#remove(subscribed);
  }

  /** Subscribes all topics on a new connection, and reports each one when it is complete again. */
  resume(session: Session): void {
    for (const subscribed of this.#topics.values()) void this.#resume(session, subscribed);
  }

  /** The connection has ended: the feeds of it deliver nothing more. */
  interrupt(): void {
    for (const { feed } of this.#topics.values()) feed?.stop();
  }

  #remove(subscribed: Subscribed): void {
    subscribed.feed?.stop();
    if (this.#topics.get(subscribed.topic) === subscribed) this.#topics.delete(subscribed.topic);
  }

  #feed(session: Session, subscribed: Subscribed): Promise<Position | undefined> {
    const { topic, history } = subscribed;
    const lost = (): void => void this.#resume(session, subscribed);
    if (history === undefined) {
      subscribed.feed = new PassingFeed(session, topic, this.#names.subject(topic), lost);
    } else {
      subscribed.feed = new StoredFeed(session, this.#names, topic, history, lost);
    }
    return subscribed.feed.opened;
  }

  /** Tries until the topic is complete, or nobody uses it any more, or the connection ends. */
  async #resume(session: Session, subscribed: Subscribed): Promise<void> {
    const { topic } = subscribed;
    const { signal } = session.link;
    const isWanted = (): boolean => this.#topics.get(topic) === subscribed && !signal.aborted;
    for (let attempt = 0; isWanted(); attempt += 1) {
      subscribed.feed?.stop();
      try {
        const head = await this.#feed(session, subscribed);
        if (isWanted()) session.listener.resumed(topic, head);
        return;
      } catch (error) {
        if (isWanted()) session.listener.refused?.(topic, error as Error);
        await backoff(attempt, signal).catch(() => {});
      }
    }
  }
}
