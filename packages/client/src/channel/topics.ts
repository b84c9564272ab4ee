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

/** The answer to one of the protocol's own requests. */
export interface Answer {
  readonly error?: WireError;
  readonly result?: unknown;
}

/** What the topics need of their client. */
export interface TopicsClient {
  /** The connection that carries it, and the one that is being dialed. */
  readonly current: Wire | undefined;
  readonly attempt: Wire | undefined;
  start(): void;
  /** Sends a request over a connection. Where the connection is lost there is no answer. */
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
      // The shared membership is already further on than the position from which this subscription wants to begin.
      if (from && from !== topic.at) {
        subscription.push({ gap: { reason: "history", missed: undefined, after: from } });
      }
      subscription.begun(topic.at, !from);
      // A topic cannot be subscribed to twice over one connection, so it is joined again from its position.
      if (isNews) this.#leave(topic);
    }
    return subscription as never;
  }

  /** Joins all topics over a connection that was just opened. */
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

  /** A notification of the protocol has come over `wire`. */
  notified(wire: Wire, method: string, params: { topic: string }): void {
    const topic = this.all.get(params.topic);
    if (!topic || topic.isLeaving || (topic.wire !== wire && topic.old !== wire)) return;
    if (method === "$/event") {
      const { at, data } = params as MethodParams["$/event"];
      // Without data this is only the position of a message that is not for this client.
      if (!move(topic, at, 1) || data === undefined) return;
      for (const subscriber of topic.subscribers) subscriber.push({ at, data });
      // One slow subscription among several is not waited for: it loses its oldest messages, and is told about the gap.
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

  /** The client is closed, with an error unless this was requested. */
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
      // The answer for a topic that was left meanwhile is ignored: the topic is joined again, or has been.
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

  /** Leaves a topic. Nothing of the topic follows the reply, so what comes after the topic was joined again is current. */
  #leave(topic: Topic): void {
    const { name, wire } = topic;
    topic.old = undefined;
    if (!wire) return this.#settle(topic);
    topic.isLeaving = true;
    // If the client is about to come back, the other members are not told that it left.
    const params = { topic: name, returning: !!topic.subscribers[0] || undefined };
    this.#client.ask(wire, "$/unsubscribe", params, () => {
      topic.wire = undefined;
      this.#settle(topic);
    });
  }

  /** Joins or forgets a topic that is not joined anywhere. */
  #settle(topic: Topic): void {
    const wire = this.#client.current ?? this.#client.attempt;
    topic.isLeaving = topic.isJoined = false;
    if (!topic.subscribers.length) this.all.delete(topic.name);
    else if (isOpen(wire) && !topic.isPaused) this.#join(topic, wire);
  }
}
