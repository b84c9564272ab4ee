import type { Position } from "../engine/engine.js";
import type { ReceiverCounters } from "./counters.js";
import type { SubscriptionQueue } from "./subscription-queue.js";

/**
 * The messages of a topic, as they come: for `for await`. It ends with its signal, by `return` (as a loop that is left
 * does) and with the broadcast. `next` rejects with `ERR_WS_SUBSCRIPTION_OVERFLOW` where messages came faster than they
 * were taken, once those that waited are.
 */
export class Subscription<T> implements AsyncIterableIterator<T, undefined> {
  readonly #queue: SubscriptionQueue;

  constructor(queue: SubscriptionQueue) {
    this.#queue = queue;
  }

  /** Of the message that was given last: where to come back `from`. */
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
