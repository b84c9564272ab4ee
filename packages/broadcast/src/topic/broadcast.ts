import type { Schema } from "@ws/connection";
import { BroadcastError } from "../engine/broadcast-error.js";
import { Deadlines } from "../engine/deadlines.js";
import { EngineLink } from "../engine/engine-link.js";
import type { BroadcastParts } from "../local/broadcast-parts.js";
import { type BroadcastEvents, Events } from "../local/events.js";
import {
  type BroadcastOptions,
  checkTopicOptions,
  resolveHeadInterval,
  resolveOptions,
  type TopicOptions,
} from "../local/options.js";
import { Control } from "../processes/control.js";
import { type Disconnected, type DisconnectOptions, disconnect, type Who } from "../processes/disconnect.js";
import { type Counters, Tally } from "../receivers/counters.js";
import { watchHeads } from "./head-watch.js";
import { Topic } from "./topic.js";
import { checkTopicName } from "./topic-name.js";
import { TopicRegistry } from "./topic-registry.js";

/** The topics over one engine. Made by `createBroadcast`. */
export class Broadcast implements AsyncDisposable {
  readonly #shared: BroadcastParts;
  readonly #registry: TopicRegistry;
  readonly #endWatch: () => void;
  #closed: Promise<void> | undefined;

  constructor(options: BroadcastOptions) {
    const { engine, ...limits } = resolveOptions(options);
    const headInterval = resolveHeadInterval(options);
    const events = new Events();
    const registry = new TopicRegistry();
    const tally = new Tally();
    const link = new EngineLink(engine, registry, limits.startup === "retry", {
      up: () => {
        registry.up();
        events.emit("engine", { state: "up" });
      },
      down: (reason) => {
        registry.down();
        events.emit("engine", { state: "down", reason });
      },
      failed: (error) => registry.end(error),
      heard: (text) => control.heard(text),
      poisoned: (topic) => {
        if (registry.poisoned(topic)) return;
        tally.count("poisoned");
        events.emit("poisoned", { topic });
      },
    });
    const control = new Control(link, registry);
    this.#registry = registry;
    this.#endWatch = watchHeads(registry, link, headInterval);
    this.#shared = {
      link,
      limits,
      events,
      tally,
      deadlines: new Deadlines(limits.publishTimeout),
      under: { way: 0 },
      count: { members: 0 },
      control,
    };
  }

  /**
   * Resolves when the engine was reached. Nobody needs to await it: without the engine every call rejects with the reason.
   *
   * @throws {BroadcastError} `ERR_WS_ENGINE_UNREACHABLE`, where the start is not retried; `ERR_WS_BROADCAST_CLOSED`.
   */
  get ready(): Promise<void> {
    return this.#shared.link.ready;
  }

  /** The counters of all topics together. */
  get counters(): Counters {
    return this.#shared.tally;
  }

  /**
   * A topic. All topics with the same name are one topic, and each of them may have its own schema: a message that does not
   * match a schema is not given to the receivers with that schema.
   *
   * @throws {BroadcastError} `ERR_WS_TOPIC_NAME`.
   * @throws {TypeError} for an invalid option, or another history than the topic has.
   */
  topic<S extends Schema>(name: string, schema: S, options: TopicOptions = {}): Topic<S> {
    checkTopicName(name);
    checkTopicOptions(options);
    if (typeof schema?.["~standard"]?.validate !== "function") {
      throw new TypeError(
        `topic: expected a Standard Schema (zod, valibot, arktype …), got ${typeof schema}`,
      );
    }
    const { history, positions = false } = options;
    return new Topic(this.#registry.get(name, history, this.#shared), schema, positions);
  }

  /** Calls `listener` for each such event. It returns the function that removes the listener. */
  on<Name extends keyof BroadcastEvents>(
    name: Name,
    listener: (event: BroadcastEvents[Name]) => void,
  ): () => void {
    return this.#shared.events.on(name, listener);
  }

  /**
   * Ends the connections of members of every topic, in every process: `disconnect("ann")` those that joined with that `as`,
   * `disconnect((member) => …)` those that the function chooses.
   *
   * @throws {TypeError} for an invalid option.
   * @throws {BroadcastError} where the engine is down.
   */
  disconnect(who: Who, options: DisconnectOptions = {}): Promise<Disconnected> {
    return disconnect(this.#shared.control, null, who, options);
  }

  /** Closes the engine. Connections stay open, subscriptions end, and calls under way reject. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { link, deadlines, events } = this.#shared;
    const closing = link.close();
    this.#endWatch();
    this.#registry.end();
    deadlines.close(new BroadcastError("ERR_WS_BROADCAST_CLOSED", "the broadcast is closed"));
    await closing;
    events.clear();
  }
}

/**
 * Creates topics over an engine, and starts the engine at once.
 *
 * @throws {TypeError} for an invalid option.
 */
export function createBroadcast(options: BroadcastOptions): Broadcast {
  return new Broadcast(options);
}
