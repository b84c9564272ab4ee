import type { InferInput, Schema } from "@ws/connection";
import { trackThen } from "@ws/events";
import { abortable } from "../engine/abortable.js";
import { BroadcastError } from "../engine/broadcast-error.js";
import type { History, Position } from "../engine/engine.js";
import { formatPayload } from "../engine/payload.js";
import { type Membership, memberOf } from "../members/membership.js";
import type { Tally } from "../receivers/counters.js";
import { formatExcept } from "../receivers/message.js";
import { checkPublished } from "../schema/schema.js";
import type { BroadcastParts } from "./broadcast-parts.js";
import { checkPublishOptions, type PublishOptions } from "./options.js";
import type { TopicLink } from "./topic-link.js";
import { reportUntaken } from "./untaken-call.js";

/** What a publisher is made from. */
export interface PublisherParts {
  readonly topic: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly topicLink: TopicLink;
  readonly tally: Tally;
  /** The memberships of the topic in this process, by their connections. */
  readonly memberships: ReadonlyMap<object, Membership>;
}

/** Hands the messages of one topic to the engine, in the order of the calls. */
export class Publisher {
  readonly #parts: PublisherParts;
  /** Settles when all earlier messages have been handed over: an asynchronous schema must not change the order. */
  #before: Promise<void> = Promise.resolve();
  /** How many messages have not been handed over. */
  #queued = 0;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** A publish without options, which is the usual case, skips all checks of options. */
  publish<S extends Schema>(schema: S, message: InferInput<S>, options?: PublishOptions): Promise<Position> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return this.#settled(Promise.reject(refusal));
    if (options?.signal?.aborted) return this.#settled(Promise.reject(options.signal.reason));
    let payload: string | Promise<string>;
    try {
      if (options !== undefined) checkPublishOptions(options);
      payload = this.#payloadOf(schema, message);
      if (options?.except !== undefined) payload = this.#exceptFor(options.except, payload);
    } catch (error) {
      return this.#settled(Promise.reject(error));
    }
    const deadline = this.#parts.shared.deadlines.signal;
    const signal = options?.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
    return this.#settled(this.#handOver(payload, signal, options?.idempotencyKey));
  }

  #exceptFor(except: unknown, payload: string | Promise<string>): string | Promise<string> {
    const { shared, memberships } = this.#parts;
    const member = memberOf(except, memberships);
    if (member === undefined) return payload;
    const format = (text: string): string => formatExcept(shared.link.engine.process, member.id, text);
    return typeof payload === "string" ? format(payload) : payload.then(format);
  }

  /** Why no message is accepted now. */
  #refusal(): BroadcastError | undefined {
    const { link, under, limits } = this.#parts.shared;
    if (link.error !== undefined) return link.error;
    if (under.way < limits.maxPendingPublishes) return undefined;
    return new BroadcastError(
      "ERR_WS_PUBLISH_OVERFLOW",
      `publish: expected at most ${limits.maxPendingPublishes} under way (maxPendingPublishes), got one more.` +
        " Likely mistake: publishes that nobody awaits.",
    );
  }

  #payloadOf<S extends Schema>(schema: S, message: InferInput<S>): string | Promise<string> {
    const { maxPayload } = this.#parts.shared.limits;
    const checking = checkPublished(schema, message);
    if (checking === undefined) return formatPayload(message, maxPayload);
    return checking.then(() => formatPayload(message, maxPayload));
  }

  #handOver(payload: string | Promise<string>, signal: AbortSignal, key?: string): Promise<Position> {
    const { shared, topicLink } = this.#parts;
    const isNext = this.#queued === 0 && shared.link.isUp && topicLink.isWhole;
    if (isNext && typeof payload === "string") return this.#take(payload, signal, key);
    return this.#inTurn(payload, signal, key);
  }

  #take(payload: string, signal: AbortSignal, key?: string): Promise<Position> {
    const { shared, topic, history } = this.#parts;
    return shared.link.engine.publish(topic, payload, history, signal, key);
  }

  async #inTurn(payload: string | Promise<string>, signal: AbortSignal, key?: string): Promise<Position> {
    const before = this.#before;
    let handOver!: () => void;
    this.#before = new Promise((resolve) => {
      handOver = resolve;
    });
    this.#queued += 1;
    let taking: Promise<Position>;
    try {
      const text = await abortable(Promise.resolve(payload), signal);
      await abortable(before, signal);
      await abortable(this.#ready(signal), signal);
      taking = this.#take(text, signal, key);
    } finally {
      this.#queued -= 1;
      // This also runs after a message that failed: the later ones continue, but never ahead of the earlier ones.
      void before.then(handOver);
    }
    return await taking;
  }

  /** Resolves when the engine is up and delivers to our own members too. */
  async #ready(signal: AbortSignal): Promise<void> {
    const { topicLink, shared } = this.#parts;
    const { link } = shared;
    while (!(link.isUp && topicLink.isWhole)) {
      if (link.error !== undefined) throw link.error;
      if (topicLink.refusal !== undefined) throw topicLink.refusal;
      signal.throwIfAborted();
      await (link.isUp ? topicLink.changed : link.changed);
    }
  }

  /** The same outcome, after it was counted. Nobody needs to await it, and a rejection never ends the process. */
  #settled(work: Promise<Position>): Promise<Position> {
    const { shared, tally, topic } = this.#parts;
    shared.under.way += 1;
    const taken = (position: Position): Position => {
      shared.under.way -= 1;
      tally.count("published");
      return position;
    };
    const failed = (error: unknown): never => {
      shared.under.way -= 1;
      tally.count("failed");
      throw error;
    };
    return trackThen(work, taken, "publish", (call) => reportUntaken(shared.events, topic, call), failed);
  }
}
