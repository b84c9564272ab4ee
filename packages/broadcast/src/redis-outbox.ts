import type { History, Position } from "./engine.js";
import type { RedisKeys } from "./redis-keys.js";
import { RedisLane } from "./redis-lane.js";
import type { RedisLink } from "./redis-link.js";
import { PendingPublish } from "./redis-pending.js";

/**
 * What is published over one link. Each topic has a lane; what the topics were given within a turn of the event loop
 * sets off together.
 */
export class RedisOutbox {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;
  readonly #lanes = new Map<string, RedisLane>();
  #idle: RedisLane[] = [];

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position> {
    return new Promise((resolve, reject) => {
      const lane = this.#laneOf(topic);
      lane.add(new PendingPublish(payload, history, signal, resolve, reject));
    });
  }

  #laneOf(topic: string): RedisLane {
    const known = this.#lanes.get(topic);
    if (known !== undefined) return known;
    const lane = new RedisLane(this.#link, this.#keys, topic, () => this.#lanes.delete(topic));
    this.#lanes.set(topic, lane);
    if (this.#idle.push(lane) === 1) setImmediate(() => this.#setOff());
    return lane;
  }

  #setOff(): void {
    const lanes = this.#idle;
    this.#idle = [];
    for (const lane of lanes) void lane.run();
  }
}
