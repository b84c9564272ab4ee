import type { Position } from "../engine/engine.js";
import type { ReceiverCounters } from "./counters.js";
import type { SubscriptionQueue } from "./subscription-queue.js";

/**
 * The messages of a topic as they come, for `for await`. It ends with its signal, by `return` (which leaving the loop calls)
 * and with the broadcast. Where messages came faster than they were taken, `next` rejects with
 * `ERR_WS_SUBSCRIPTION_OVERFLOW` after the waiting messages were taken.
 */
export class Subscription<T> implements AsyncIterableIterator<T, undefined> {
  readonly #queue: SubscriptionQueue;

  constructor(queue: SubscriptionQueue) {
    this.#queue = queue;
  }

  /** The position of the message that was given last. Pass it as `from` to continue later. */
  get position(): Position | undefined {
    return this.#queue.position;
  }

  get counters(): ReceiverCounters {
    return this.#queue.counters;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#queue.next() as Promise<IteratorResult<T, undefined>>;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#queue.stop();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.stop();
  }
}
