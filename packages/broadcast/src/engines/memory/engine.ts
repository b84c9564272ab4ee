import { BroadcastError } from "../../engine/broadcast-error.js";
import type {
  Delivery,
  Engine,
  EngineListener,
  History,
  Past,
  Position,
  Presence,
} from "../../engine/engine.js";
import { newEpoch } from "../../engine/epoch.js";
import { RecentKeys } from "../../engine/recent-keys.js";
import { MemoryTopic } from "./topic.js";

const done: Promise<void> = Promise.resolve();

/** The engine of a single process. There is no server, so it is never down. */
class MemoryEngine implements Engine {
  readonly name = "memory";
  readonly order = "topic" as const;
  readonly isShared = false;
  readonly process: string = newEpoch();
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #keys = new RecentKeys();
  readonly #members = new Map<string, Map<string, Presence>>();
  #listener: EngineListener | undefined;
  #isClosed = false;
  /** What was published while a message was being delivered. It must not overtake that message. */
  readonly #waiting: (readonly [topic: string, delivery: Delivery])[] = [];
  #isDelivering = false;

  async start(listener: EngineListener, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isClosed) throw closed();
    if (this.#listener !== undefined) {
      throw new TypeError("memory(): expected an engine of its own for each broadcast, got one for two");
    }
    this.#listener = listener;
  }

  publish(
    name: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
    key?: string,
  ): Promise<Position> {
    if (this.#isClosed) return Promise.reject(closed());
    if (signal.aborted) return Promise.reject(signal.reason);
    if (key === undefined) return this.#publish(name, payload, history);
    return this.#keys.once(name, key, () => this.#publish(name, payload, history));
  }

  #publish(name: string, payload: string, history: History | undefined): Promise<Position> {
    const topic = history === undefined ? this.#topics.get(name) : this.#topic(name);
    // Nobody listens and nothing is kept, so there is no position that could continue.
    if (topic === undefined) return Promise.resolve({ epoch: newEpoch(), sequence: 1 });
    const delivery = topic.publish(payload, history);
    if (topic.isSubscribed) this.#deliver(name, delivery);
    return Promise.resolve({ epoch: delivery.epoch, sequence: delivery.sequence });
  }

  async subscribe(
    name: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    this.#check(signal);
    const topic = this.#topic(name);
    topic.subscribe(history);
    return topic.head;
  }

  unsubscribe(name: string): Promise<void> {
    const topic = this.#topics.get(name);
    if (topic !== undefined) {
      topic.unsubscribe();
      this.#forgetIdle(name, topic);
    }
    return done;
  }

  async past(name: string, after: Position, _history: History, signal: AbortSignal): Promise<Past> {
    this.#check(signal);
    return this.#topics.get(name)?.past(after) ?? { recovered: false };
  }

  async enter(topic: string, id: string, as: unknown): Promise<void> {
    if (this.#isClosed) throw closed();
    const members = this.#members.get(topic) ?? new Map<string, Presence>();
    this.#members.set(topic, members.set(id, { id, process: this.process, as }));
  }

  async leave(topic: string, id: string): Promise<void> {
    const members = this.#members.get(topic);
    members?.delete(id);
    if (members?.size === 0) this.#members.delete(topic);
  }

  async members(topic: string, signal: AbortSignal): Promise<readonly Presence[]> {
    this.#check(signal);
    return [...(this.#members.get(topic)?.values() ?? [])];
  }

  async say(text: string, signal: AbortSignal): Promise<number> {
    this.#check(signal);
    this.#listener?.heard(text);
    return 1;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const topic of this.#topics.values()) topic.end();
    this.#topics.clear();
    this.#members.clear();
    return done;
  }

  #check(signal: AbortSignal): void {
    if (this.#isClosed) throw closed();
    signal.throwIfAborted();
  }

  #topic(name: string): MemoryTopic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const topic = new MemoryTopic(newEpoch(), () => this.#forgetIdle(name, topic));
    this.#topics.set(name, topic);
    return topic;
  }

  #forgetIdle(name: string, topic: MemoryTopic): void {
    if (!topic.isIdle) return;
    topic.end();
    this.#topics.delete(name);
  }

  #deliver(name: string, delivery: Delivery): void {
    if (this.#isDelivering) {
      this.#waiting.push([name, delivery]);
      return;
    }
    this.#isDelivering = true;
    this.#listener?.delivered(name, delivery);
    // The array may grow during this loop.
    for (const [topic, next] of this.#waiting) this.#listener?.delivered(topic, next);
    this.#waiting.length = 0;
    this.#isDelivering = false;
  }
}

function closed(): BroadcastError {
  return new BroadcastError("ERR_WS_BROADCAST_CLOSED", "memory: the broadcast is closed");
}

/** Options of `memory`. */
export interface MemoryOptions {
  /**
   * Whether each process may have topics of its own, where an application runs in several processes: then a message reaches
   * only the connections of the process that publishes it. False by default.
   */
  readonly perProcess?: boolean;
}

/** The number of processes in which `ws-serve` runs the application; `ws-serve` sets it in this variable. */
function workersOfProcess(): number {
  return Number(globalThis.process?.env?.["WS_WORKERS"] ?? 1);
}

/**
 * Makes the engine of a single process: topics in memory, whose messages are delivered within the call of `publish`. A topic
 * without subscribers is forgotten; one with a history is forgotten when its `ttl` has passed since its last message or
 * subscriber. Its next message begins another epoch.
 *
 * @throws {TypeError} where `ws-serve` runs the application in several processes, unless `perProcess` is set.
 */
export function memory({ perProcess = false }: MemoryOptions = {}): Engine {
  const workers = workersOfProcess();
  if (workers > 1 && !perProcess) {
    throw new TypeError(
      `memory(): expected one process, got ${workers} workers: a message would reach the connections of one alone. ` +
        "Take redis() or nats(), run one worker, or say memory({ perProcess: true })",
    );
  }
  return new MemoryEngine();
}
