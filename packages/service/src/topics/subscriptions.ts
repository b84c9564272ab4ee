import type { Connection } from "@ws/connection";
import {
  errorCode,
  formatPosition,
  type MethodParams,
  type Position,
  parsePosition,
  wireLimits,
} from "@ws/contract/wire";
import { type RefusedRequest, refusal } from "../requests/request-error.js";
import { notificationFrame } from "../wire/write-frame.js";
import type { PresenceLists } from "./presence-lists.js";
import { readAnswer, type TopicBegin, type TopicGap, type TopicGrant } from "./served-topic.js";
import type { TopicEncoders } from "./topic-encoders.js";
import type { NamedTopic, TopicTable } from "./topic-table.js";

/** What the subscriptions of a connection are made from. */
export interface SubscriptionParts {
  readonly socket: Connection<unknown>;
  readonly table: TopicTable;
  readonly encoders: TopicEncoders;
  readonly lists: PresenceLists;
  /** The patterns of the topics whose members can be listed. */
  readonly present: ReadonlySet<string>;
  /** Sends a frame without waiting for it. */
  readonly tell: (text: string) => void;
  readonly onFailed: (error: unknown, method: string) => void;
}

/** What a client asks for. */
interface Wish {
  readonly name: string;
  readonly from: Position | undefined;
  readonly hasFrom: boolean;
  readonly presence: boolean;
  readonly named: NamedTopic;
}

interface Subscription {
  /** Aborted when the client leaves before it has joined. */
  readonly controller: AbortController;
  /** Leaves. `forNow` is true where the client is about to come back. */
  leave: ((forNow: boolean) => void) | undefined;
}

/** The result of `$/subscribe`, which is sent at its place between the messages. */
export interface Subscribed {
  readonly at: string;
  readonly recovered: boolean;
  readonly resumable: boolean;
}

/** The topics to which one connection is subscribed. */
export class Subscriptions {
  readonly #parts: SubscriptionParts;
  readonly #subscriptions = new Map<string, Subscription>();
  /** The names by the topics that handlers returned, so that one topic with two names is noticed. */
  readonly #memberships = new WeakMap<object, string>();

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  /**
   * Subscribes. `answer` is called at the reply's place between the messages; `grant` decides whether the client may
   * subscribe.
   *
   * @throws {RefusedRequest} where it may not, or the request is invalid.
   */
  async subscribe(
    params: unknown,
    grant: (topic: NamedTopic, signal: AbortSignal) => unknown,
    answer: (result: Subscribed) => void,
  ): Promise<void> {
    const wish = this.#read(params);
    const subscription: Subscription = { controller: new AbortController(), leave: undefined };
    this.#subscriptions.set(wish.name, subscription);
    try {
      const { signal } = subscription.controller;
      const given = readAnswer(wish.named.pattern, await grant(wish.named, signal));
      if (signal.aborted) throw refusal(errorCode.cancelled, "unsubscribed");
      if (given === undefined) throw refusal(errorCode.notAllowed, "not allowed");
      await this.#join(wish, given, subscription, answer);
    } catch (error) {
      this.#leave(wish.name, subscription);
      throw error;
    }
  }

  /** @throws {RefusedRequest} for invalid parameters. */
  unsubscribe(params: unknown): void {
    const { topic, returning } = Object(params) as Partial<MethodParams["$/unsubscribe"]>;
    if (typeof topic !== "string") throw refusal(errorCode.invalidParams, "expected the name of a topic");
    const subscription = this.#subscriptions.get(topic);
    if (subscription !== undefined) this.#leave(topic, subscription, returning === true);
  }

  /** Leaves all topics, because the connection has ended. */
  end(): void {
    for (const [name, subscription] of this.#subscriptions) this.#leave(name, subscription);
  }

  #read(params: unknown): Wish {
    const { topic: name, from, presence = false } = Object(params) as Readonly<Record<string, unknown>>;
    if (typeof name !== "string" || name.length > wireLimits.name) {
      throw refusal(
        errorCode.invalidParams,
        `expected the name of a topic, of at most ${wireLimits.name} characters`,
      );
    }
    const named = this.#parts.table.find(name);
    if (named === undefined) throw refusal(errorCode.invalidParams, "there is no such topic");
    if (this.#subscriptions.has(name))
      throw refusal(errorCode.invalidRequest, "the topic is subscribed to already");
    if (this.#subscriptions.size >= wireLimits.topics) {
      throw refusal(errorCode.limit, `expected at most ${wireLimits.topics} topics of one connection`);
    }
    const position = typeof from === "string" ? parsePosition(from) : undefined;
    if (from !== undefined && position === undefined) {
      throw refusal(errorCode.invalidParams, "expected from to be a position that was told before");
    }
    if (typeof presence !== "boolean" || (presence && !this.#parts.present.has(named.pattern))) {
      throw refusal(errorCode.invalidParams, "nobody can ask who is in this topic");
    }
    return { name, from: position, hasFrom: from !== undefined, presence, named };
  }

  async #join(
    { name, from, hasFrom, presence }: Wish,
    { topic, as, until }: TopicGrant,
    subscription: Subscription,
    answer: (result: Subscribed) => void,
  ): Promise<void> {
    const { socket, encoders, lists, tell, onFailed } = this.#parts;
    if (until?.aborted) throw refusal(errorCode.notAllowed, "not allowed");
    const isKept = topic.history !== undefined;
    let hasBegun = false;
    const onBegin = ({ position, recovered }: TopicBegin): void => {
      hasBegun = true;
      answer({
        at: position === undefined ? "" : formatPosition(position),
        recovered: recovered && (isKept || !hasFrom),
        resumable: isKept,
      });
    };
    const onGap = ({ reason, missed, after }: TopicGap): void =>
      tell(
        notificationFrame("$/gap", {
          topic: name,
          reason,
          missed: missed ?? null,
          after: after === undefined ? null : formatPosition(after),
        }),
      );
    const encoder = encoders.take(name);
    subscription.leave = () => encoders.leave(name);
    const membership = topic.join(socket, {
      ...encoder,
      onBegin,
      onGap,
      ...(isKept && from !== undefined && { from }),
      ...(as !== undefined && { as }),
    });
    const other = this.#memberships.get(membership);
    if (other !== undefined) throw this.#doubled(name, other);
    this.#memberships.set(membership, name);
    const onRevoked = (): void => {
      this.#leave(name, subscription);
      tell(notificationFrame("$/ended", { topic: name, code: errorCode.notAllowed, message: "revoked" }));
    };
    until?.addEventListener("abort", onRevoked, { once: true });
    let unwatch: (() => void) | undefined;
    subscription.leave = (forNow) => {
      if (forNow) membership.leaveForNow();
      else membership();
      encoders.leave(name);
      until?.removeEventListener("abort", onRevoked);
      unwatch?.();
    };
    await membership.joined;
    if (subscription.controller.signal.aborted) throw refusal(errorCode.cancelled, "unsubscribed");
    if (!hasBegun)
      throw new Error(`${topic.name}: the connection joined it before. Likely mistake: a join in a handler.`);
    if (!presence) return;
    unwatch = lists.watch({ name, topic, onFailed: (error) => onFailed(error, "$/presence") }, tell);
  }

  /** The error for a connection that subscribes to a topic by a second name. It can be in a topic only once. */
  #doubled(name: string, other: string): RefusedRequest {
    const message = `${JSON.stringify(name)} is what ${JSON.stringify(other)} is, which is subscribed to already`;
    return refusal(errorCode.invalidRequest, message);
  }

  #leave(name: string, subscription: Subscription, forNow = false): void {
    if (this.#subscriptions.get(name) !== subscription) return;
    this.#subscriptions.delete(name);
    subscription.controller.abort();
    subscription.leave?.(forNow);
    subscription.leave = undefined;
  }
}
