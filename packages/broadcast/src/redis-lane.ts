import type { History } from "./engine.js";
import type { RedisKeys } from "./redis-keys.js";
import type { RedisLink } from "./redis-link.js";
import type { PendingPublish } from "./redis-pending.js";
import { publishScript } from "./redis-script.js";

/** The most messages of one step, and its length in UTF-16 units: Redis does nothing else meanwhile. */
const maxCount = 512;
const maxLength = 262_144;

/** How long a topic's numbers outlive its last message at least, in ms. */
const day = 86_400_000;

/**
 * What is published on one topic, in order: one step is on its way, what comes meanwhile goes together in the next.
 * So the order holds even where Redis has to be told the script again, and the more there is, the less each costs.
 */
export class RedisLane {
  readonly #link: RedisLink;
  readonly #keys: readonly [head: string, log: string];
  readonly #channel: string;
  readonly #onIdle: () => void;
  #waiting: PendingPublish[] = [];

  constructor(link: RedisLink, keys: RedisKeys, topic: string, onIdle: () => void) {
    this.#link = link;
    this.#keys = [keys.head(topic), keys.log(topic)];
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

  /** What goes together: as much as is allowed of what has the same history. */
  #next(): readonly PendingPublish[] {
    this.#waiting = this.#waiting.filter((pending) => !pending.isAborted);
    const history = this.#waiting[0]?.history;
    let length = 0;
    const end = this.#waiting.findIndex((pending, index) => {
      length += pending.payload.length;
      return index > 0 && (index === maxCount || length > maxLength || pending.history !== history);
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
    const args = [this.#channel, this.#link.run, this.#link.newEpoch(), ...numbers, ...payloads];
    return (await this.#link.commands.run(publishScript, this.#keys, args)) as [string, number];
  }
}
