import type { History, Position } from "../../../engine/engine.js";
import type { RedisAccess } from "../connect/access.js";
import type { RedisKeys } from "../connect/keys.js";
import { PendingPublish } from "./pending.js";
import { RedisPublishQueue } from "./publish-queue.js";

/**
 * Publishes over one link. Each topic has its own queue; what is published within a turn of the event loop is sent together.
 */
export class RedisOutbox {
  readonly #access: RedisAccess;
  readonly #keys: RedisKeys;
  readonly #queues = new Map<string, RedisPublishQueue>();
  #idle: RedisPublishQueue[] = [];

  constructor(access: RedisAccess, keys: RedisKeys) {
    this.#access = access;
    this.#keys = keys;
  }

  publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
    key?: string,
  ): Promise<Position> {
    return new Promise((resolve, reject) => {
      const queue = this.#queueOf(topic);
      queue.add(new PendingPublish({ payload, history, key }, signal, resolve, reject));
    });
  }

  #queueOf(topic: string): RedisPublishQueue {
    const known = this.#queues.get(topic);
    if (known !== undefined) return known;
    const queue = new RedisPublishQueue(this.#access, this.#keys, topic, () => this.#queues.delete(topic));
    this.#queues.set(topic, queue);
    if (this.#idle.push(queue) === 1) setImmediate(() => this.#setOff());
    return queue;
  }

  #setOff(): void {
    const queues = this.#idle;
    this.#idle = [];
    for (const queue of queues) void queue.run();
  }
}
