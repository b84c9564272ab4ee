import type { History } from "../../../engine/engine.js";
import { newEpoch } from "../../../engine/epoch.js";
import type { RedisAccess } from "../connect/access.js";
import type { RedisKeys } from "../connect/keys.js";
import { day } from "../connect/link.js";
import type { PendingPublish } from "./pending.js";

/** The most messages in one step, and its longest text in UTF-16 units: Redis does nothing else during a step. */
const maxCount = 512;
const maxLength = 262_144;

/**
 * Publishes the messages of one topic in order. One step is under way at a time, and the messages that come meanwhile are
 * sent together in the next one. So the order is kept even where the text of the script has to be sent again, and under load
 * each message costs less.
 */
export class RedisPublishQueue {
  readonly #access: RedisAccess;
  readonly #topic: string;
  readonly #keys: RedisKeys;
  readonly #channel: string;
  readonly #onIdle: () => void;
  #waiting: PendingPublish[] = [];

  constructor(access: RedisAccess, keys: RedisKeys, topic: string, onIdle: () => void) {
    this.#access = access;
    this.#topic = topic;
    this.#keys = keys;
    this.#channel = keys.channel(topic);
    this.#onIdle = onIdle;
  }

  add(pending: PendingPublish): void {
    this.#waiting.push(pending);
  }

  /** Sends until nothing waits. */
  async run(): Promise<void> {
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#send(batch);
    this.#onIdle();
  }

  /**
   * The messages of the next step: as many as are allowed of those with the same history. A message with a key is sent
   * alone.
   */
  #next(): readonly PendingPublish[] {
    this.#waiting = this.#waiting.filter((pending) => !pending.isAborted);
    const history = this.#waiting[0]?.history;
    const isKeyed = this.#waiting[0]?.key !== undefined;
    let length = 0;
    const end = this.#waiting.findIndex((pending, index) => {
      length += pending.payload.length;
      const isFull = index === maxCount || length > maxLength;
      const isOther = pending.history !== history || pending.key !== undefined || isKeyed;
      return index > 0 && (isFull || isOther);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #send(batch: readonly PendingPublish[]): Promise<void> {
    try {
      const [epoch, first] = await this.#publish(batch);
      batch.forEach((pending, index) => {
        pending.resolve({ epoch, sequence: first + index });
      });
    } catch (error) {
      for (const pending of batch) pending.reject(error);
    }
  }

  async #publish(batch: readonly PendingPublish[]): Promise<readonly [epoch: string, sequence: number]> {
    const { size, ttl }: History = batch[0]?.history ?? { size: 0, ttl: 0 };
    const numbers = [Math.max(day, 2 * ttl), size, ttl].map(String);
    const payloads = batch.map((pending) => pending.payload);
    const epoch = newEpoch();
    const args = (runs: string): string[] => [this.#channel, runs, epoch, ...numbers, ...payloads];
    const keys = [this.#keys.head(this.#topic), this.#keys.log(this.#topic)];
    const { scripts } = this.#access;
    const key = batch[0]?.key;
    if (key !== undefined) keys.push(this.#keys.key(this.#topic, key));
    const script = key === undefined ? scripts.publish : scripts.publishOnce;
    return (await this.#access.run(script, keys, args)) as [string, number];
  }
}
