import { setMaxListeners } from "node:events";
import { BroadcastError } from "./broadcast-error.js";
import { Condition } from "./condition.js";
import type { Engine, EngineListener } from "./engine.js";
import { oneLine } from "./one-line.js";

/**
 * The wait before the next attempt to start, in ms. It doubles each time, from the shortest to the longest, and a random
 * part of it is waited.
 */
const firstWait = 50;
const longestWait = 1_000;
/** The longest reason, in UTF-16 units. */
const maxReason = 200;

/** Where the events of a topic go. */
export type Deliveries = Pick<EngineListener, "delivered" | "resumed"> &
  Required<Pick<EngineListener, "interrupted" | "refused">>;

/** What else the owner of a link is told. */
export interface LinkListener {
  poisoned(topic: string): void;
  /** A process said this to all processes. */
  heard(text: string): void;
  up(): void;
  down(reason: string): void;
  /** The start failed and is not tried again. */
  failed(error: BroadcastError): void;
}

/** The connection to the engine: it starts the engine, knows whether the engine can be reached, and closes it. */
export class EngineLink {
  readonly engine: Engine;
  /** Resolves when the engine was reached. */
  readonly ready: Promise<void>;
  readonly #listener: LinkListener;
  readonly #closing = new AbortController();
  readonly #condition = new Condition();
  /** Why the engine cannot be used now; `undefined` at the start, and while it can be used. */
  #error: BroadcastError | undefined;
  #isStarted = false;
  #isOver = false;
  #closed: Promise<void> | undefined;

  constructor(engine: Engine, deliveries: Deliveries, isRetrying: boolean, listener: LinkListener) {
    this.engine = engine;
    this.#listener = listener;
    // There are as many listeners as topics being subscribed, so Node must not warn of a leak.
    setMaxListeners(0, this.signal);
    const all: EngineListener = {
      delivered: (topic, delivery) => deliveries.delivered(topic, delivery),
      poisoned: (topic) => listener.poisoned(topic),
      resumed: (topic, head) => deliveries.resumed(topic, head),
      interrupted: (topic) => deliveries.interrupted(topic),
      refused: (topic, error) => deliveries.refused(topic, error),
      heard: (text) => listener.heard(text),
      up: () => this.#up(),
      down: (reason) => this.#down(reason),
    };
    this.ready = isRetrying ? this.#startUntilReached(all) : this.#startOnce(all);
    // Whoever does not await it learns of the failure by every call.
    this.ready.catch(() => {});
  }

  /** Why nothing can be done now; `undefined` while the engine can be used, or may be usable soon. */
  get error(): BroadcastError | undefined {
    return this.#error;
  }

  /** Whether the engine will never be usable again. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get isUp(): boolean {
    return this.#isStarted && this.#error === undefined;
  }

  /** A signal that is aborted when this link is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Resolves when any of these changes next. */
  get changed(): Promise<void> {
    return this.#condition.next;
  }

  /** Resolves when the engine can be reached; rejects when it never will be. */
  async whenUp(): Promise<void> {
    while (!this.isUp) {
      if (this.#isOver) throw this.#error;
      await this.changed;
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const error = new BroadcastError("ERR_WS_BROADCAST_CLOSED", "the broadcast is closed");
    this.#end(error);
    this.#closing.abort(error);
    await this.engine.close();
  }

  async #start(listener: EngineListener): Promise<void> {
    await this.engine.start(listener, this.signal);
    this.signal.throwIfAborted();
    this.#isStarted = true;
    this.#up();
  }

  async #startOnce(listener: EngineListener): Promise<void> {
    try {
      await this.#start(listener);
    } catch (cause) {
      this.signal.throwIfAborted();
      const error = this.#unreachable(cause);
      this.#end(error);
      this.#listener.failed(error);
      throw error;
    }
  }

  async #startUntilReached(listener: EngineListener): Promise<void> {
    for (let wait = firstWait; ; wait = Math.min(2 * wait, longestWait)) {
      try {
        return await this.#start(listener);
      } catch (cause) {
        this.signal.throwIfAborted();
        this.#down(this.#unreachable(cause).message);
      }
      await this.pause(wait * Math.random());
    }
  }

  /** Resolves after so many ms, or when this link is closed. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.signal.addEventListener("abort", end);
    });
  }

  #up(): void {
    const wasDown = this.#error !== undefined;
    if (this.#isOver) return;
    this.#error = undefined;
    this.#condition.notify();
    if (wasDown) this.#listener.up();
  }

  #down(reason: string): void {
    if (this.#isOver || this.#error !== undefined) return;
    const line = oneLine(reason, maxReason);
    this.#error = new BroadcastError("ERR_WS_ENGINE_DOWN", `the ${this.engine.name} engine is down: ${line}`);
    this.#condition.notify();
    this.#listener.down(line);
  }

  #end(error: BroadcastError): void {
    this.#isOver = true;
    this.#error = error;
    this.#condition.notify();
  }

  #unreachable(cause: unknown): BroadcastError {
    if (cause instanceof BroadcastError) return cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    const text = `the ${this.engine.name} engine can't be reached: ${oneLine(said, maxReason)}`;
    return new BroadcastError("ERR_WS_ENGINE_UNREACHABLE", text, { cause });
  }
}
