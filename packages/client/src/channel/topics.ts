import { type MethodParams, type MethodResults, parsePosition, type WireError } from "@ws/contract/wire";
import { ClientError } from "../link/client-error.js";
import { isOpen, type Wire } from "../link/wire.js";
import { requestError } from "./request-error.js";
import {
  type Memberships,
  type SubscribeOptions,
  type Subscription,
  TopicSubscription,
} from "./subscription.js";
import { move, present, type Subscriber, type Topic, tellGap } from "./topic.js";

/** What answers one of the protocol's own requests. */
export interface Answer {
  readonly error?: WireError;
  readonly result?: unknown;
}

/** What topics need of a client. */
export interface TopicsClient {
  /** The connection that carries it, and the one that is being dialed. */
  readonly current: Wire | undefined;
  readonly attempt: Wire | undefined;
  start(): void;
  /** Asks over a connection. Nothing is answered where that is lost. */
  ask(wire: Wire, method: string, params: object, done: (answer: Answer) => void): void;
}

const mostTopics = 256;

/** The topics of a client. */
export class Topics implements Memberships {
  readonly all: Map<string, Topic> = new Map();
  readonly #client: TopicsClient;

  constructor(client: TopicsClient) {
    this.#client = client;
  }

  subscribe<M, P>(name: string, options: SubscribeOptions<P> = {}): Subscription<M, P> {
    const { all } = this;
    const { from, presence, signal } = options;
    signal?.throwIfAborted();
    if (from && !parsePosition(from)) throw new TypeError(`expected from to be a position, got ${from}`);
    if (all.size >= mostTopics && !all.has(name)) throw new ClientError("TOO_MANY_TOPICS", mostTopics);
    const topic: Topic = all.get(name) ?? { name, subscribers: [] };
    all.set(name, topic);
    const isFirst = !topic.subscribers.length;
    // Vue wraps nothing in a proxy that can't be extended, and its private fields could not be read through one.
    const subscription = Object.preventExtensions(
      new TopicSubscription<never, never>(topic, options as never, this),
    );
    topic.subscribers.push(subscription);
    const isNews = presence && !topic.withPresence;
    topic.withPresence ||= presence;
    if (isFirst) {
      if (from) move(topic, from, 0);
      this.#client.start();
      if (!topic.wire) this.#settle(topic);
    } else if (topic.isJoined) {
      // It shares a membership that is further on than where it wanted to begin.
      if (from && from !== topic.at) {
        subscription.push({ gap: { reason: "history", missed: undefined, after: from } });
      }
      subscription.begun(topic.at, !from);
      // A topic can't be subscribed to twice over one connection: it is joined anew, from where it stands.
      if (isNews) this.#leave(topic);
    }
    return subscription as never;
  }

  /** Joins all over a connection that has just been opened. */
  joinAll(wire: Wire): void {
    for (const topic of this.all.values()) {
      if (topic.isLeaving || topic.isPaused) continue;
      topic.old = topic.wire;
      this.#join(topic, wire);
    }
  }

  lost(wire: Wire): void {
    for (const topic of this.all.values()) {
      if (topic.old === wire) topic.old = undefined;
      if (topic.wire !== wire) continue;
      topic.wire = undefined;
      topic.isLeaving = topic.isJoined = false;
      if (!topic.subscribers.length) this.all.delete(topic.name);
    }
  }

  /** A notification of the protocol that came over `wire`. */
  notified(wire: Wire, method: string, params: { topic: string }): void {
    const topic = this.all.get(params.topic);
    if (!topic || topic.isLeaving || (topic.wire !== wire && topic.old !== wire)) return;
    if (method === "$/event") {
      const { at, data } = params as MethodParams["$/event"];
      // Without data it is the position of a message that is not for this client.
      if (!move(topic, at, 1) || data === undefined) return;
      for (const subscriber of topic.subscribers) subscriber.push({ at, data });
      // A slow one of several is not waited for: it loses its oldest messages, and is told so.
      const isFull = topic.subscribers.every((each) => each.isFull());
      if (isFull && topic.isResumable !== false) {
        topic.isPaused = true;
        this.#leave(topic);
      }
    } else if (method === "$/gap") {
      const { missed, reason } = params as MethodParams["$/gap"];
      tellGap(topic, reason, missed);
    } else if (method === "$/presence") present(topic, params as object);
    else if (method === "$/ended") {
      this.#end(topic, requestError(params as unknown as WireError));
    }
  }

  /** The client is closed; with an error unless that was asked for. */
  close(error: Error | undefined): void {
    for (const topic of this.all.values()) this.#end(topic, error);
  }

  drained(topic: Topic): void {
    if (!topic.isPaused) return;
    topic.isPaused = false;
    if (!topic.isLeaving) this.#settle(topic);
  }

  left(topic: Topic, subscriber: Subscriber): void {
    const others = topic.subscribers.filter((each) => each !== subscriber);
    if (others.length === topic.subscribers.length) return;
    topic.subscribers = others;
    subscriber.end();
    if (others.length || this.all.get(topic.name) !== topic) return;
    topic.at = topic.position = undefined;
    topic.isPaused = false;
    topic.members?.clear();
    if (!topic.isLeaving) this.#leave(topic);
  }

  #end(topic: Topic, error?: Error): void {
    this.all.delete(topic.name);
    for (const subscriber of topic.subscribers) subscriber.end(error);
  }

  #join(topic: Topic, wire: Wire): void {
    const { at: from, name, withPresence } = topic;
    const join = (topic.joins ?? 0) + 1;
    topic.joins = join;
    topic.wire = wire;
    this.#client.ask(wire, "$/subscribe", { topic: name, from, presence: withPresence }, (answer) => {
      // What a topic that was left in the meantime was answered is of no account: it is joined anew, or has been.
      if (topic.joins !== join || topic.wire !== wire || topic.isLeaving) return;
      topic.old = undefined;
      if (answer.error) return this.#end(topic, requestError(answer.error));
      const { at, recovered, resumable } = answer.result as MethodResults["$/subscribe"];
      topic.isResumable = resumable;
      if (from && !resumable && !topic.isTold) tellGap(topic, "interrupted");
      move(topic, at, 0);
      topic.isJoined = true;
      for (const subscriber of topic.subscribers) subscriber.begun(at, recovered);
    });
  }

  /** The reply is a fence: nothing comes behind it, so that what comes after the topic was joined again is not stale. */
  #leave(topic: Topic): void {
    const { name, wire } = topic;
    topic.old = undefined;
    if (!wire) return this.#settle(topic);
    topic.isLeaving = true;
    // Who is about to come back is not told to have left.
    const params = { topic: name, returning: !!topic.subscribers[0] || undefined };
    this.#client.ask(wire, "$/unsubscribe", params, () => {
      topic.wire = undefined;
      this.#settle(topic);
    });
  }

  /** What is to be done with a topic that is joined nowhere. */
  #settle(topic: Topic): void {
    const wire = this.#client.current ?? this.#client.attempt;
    topic.isLeaving = topic.isJoined = false;
    if (!topic.subscribers.length) this.all.delete(topic.name);
    else if (isOpen(wire) && !topic.isPaused) this.#join(topic, wire);
  }
}
