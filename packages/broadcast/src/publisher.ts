import type { InferInput, Schema } from "@ws/connection";
import { abortable } from "./abortable.js";
import { BroadcastError } from "./broadcast-error.js";
import type { BroadcastParts } from "./broadcast-parts.js";
import type { Tally } from "./counters.js";
import type { History, Position } from "./engine.js";
import { formatPayload } from "./payload.js";
import { checkPublished } from "./schema.js";
import type { TopicLink } from "./topic-link.js";

/** What a publisher is made of. */
export interface PublisherParts {
  readonly topic: string;
  readonly history: History | undefined;
  readonly shared: BroadcastParts;
  readonly topicLink: TopicLink;
  readonly tally: Tally;
}

const ignore = (): void => {};

/** Hands the messages of one topic to the engine, in the order of the calls. */
export class Publisher {
  readonly #parts: PublisherParts;
  /** Settles when all before have been handed over: a schema that takes its time must not lose the order. */
  #before: Promise<void> = Promise.resolve();
  /** How many have not been handed over. */
  #queued = 0;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  publish<S extends Schema>(schema: S, message: InferInput<S>, signal?: AbortSignal): Promise<Position> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return this.#settled(Promise.reject(refusal));
    if (signal?.aborted) return this.#settled(Promise.reject(signal.reason));
    let payload: string | Promise<string>;
    try {
      payload = this.#payloadOf(schema, message);
    } catch (error) {
      return this.#settled(Promise.reject(error));
    }
    const deadline = this.#parts.shared.deadlines.signal;
    return this.#settled(this.#handOver(payload, signal ? AbortSignal.any([deadline, signal]) : deadline));
  }

  /** Why nothing is taken now. */
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

  #handOver(payload: string | Promise<string>, signal: AbortSignal): Promise<Position> {
    const { shared, topicLink } = this.#parts;
    const isNext = this.#queued === 0 && shared.link.isUp && topicLink.isWhole;
    if (isNext && typeof payload === "string") return this.#take(payload, signal);
    return this.#inTurn(payload, signal);
  }

  #take(payload: string, signal: AbortSignal): Promise<Position> {
    const { shared, topic, history } = this.#parts;
    return shared.link.engine.publish(topic, payload, history, signal);
  }

  async #inTurn(payload: string | Promise<string>, signal: AbortSignal): Promise<Position> {
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
      taking = this.#take(text, signal);
    } finally {
      this.#queued -= 1;
      // Also for one that failed: those behind it go on, but not ahead of those before it.
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
      signal.throwIfAborted();
      await (link.isUp ? topicLink.changed : link.changed);
    }
  }

  /**
   * The same outcome, counted. Nobody needs to await it: a failing engine must not end the process, and so it is no
   * unhandled rejection. A mistake of the application's own still is one.
   */
  #settled(work: Promise<Position>): Promise<Position> {
    const { shared, tally } = this.#parts;
    shared.under.way += 1;
    const settled = new Promise<Position>((resolve, reject) => {
      work.then(
        (position) => {
          shared.under.way -= 1;
          tally.count("published");
          resolve(position);
        },
        (error: unknown) => {
          shared.under.way -= 1;
          tally.count("failed");
          if (error instanceof BroadcastError && error.code !== "ERR_WS_PAYLOAD_TOO_LARGE")
            settled.catch(ignore);
          reject(error);
        },
      );
    });
    return settled;
  }
}
