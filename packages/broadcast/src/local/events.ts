import type { Gap } from "../receivers/gap.js";
import { tell } from "../receivers/listener-errors.js";

/** The engine can be reached again, or can't any more; why, in one line. */
export interface EngineEvent {
  readonly state: "up" | "down";
  readonly reason?: string;
}

/** Something came on a topic that is no message, or is against its schema. */
export interface PoisonedEvent {
  readonly topic: string;
}

/** A call failed by a mistake of the application's, and nobody awaited it. */
export interface FailedEvent {
  readonly topic: string;
  /** `publish` or `members`. */
  readonly call: string;
  readonly error: unknown;
}

/** What a broadcast tells, by name. */
export interface BroadcastEvents {
  /** A topic of this process has missed messages, whoever was to get them. */
  readonly gap: Gap;
  readonly engine: EngineEvent;
  readonly poisoned: PoisonedEvent;
  /** Where nobody listens, it is written to standard error. */
  readonly failed: FailedEvent;
}

type Listeners = { readonly [Name in keyof BroadcastEvents]: Set<(event: BroadcastEvents[Name]) => void> };

/** Who listens to a broadcast. */
export class Events {
  readonly #listeners: Listeners = {
    gap: new Set(),
    engine: new Set(),
    poisoned: new Set(),
    failed: new Set(),
  };

  /** @throws {TypeError} for a name that is none. */
  on<Name extends keyof BroadcastEvents>(
    name: Name,
    listener: (event: BroadcastEvents[Name]) => void,
  ): () => void {
    if (!Object.hasOwn(this.#listeners, name) || typeof listener !== "function") {
      const known = Object.keys(this.#listeners).join(", ");
      throw new TypeError(`on: expected one of ${known} and a function, got ${String(name).slice(0, 64)}`);
    }
    // Of its own, so that a function that listens twice is told twice.
    const own = (event: BroadcastEvents[Name]): void => listener(event);
    this.#listeners[name].add(own);
    return () => void this.#listeners[name].delete(own);
  }

  /** Whether somebody listens. */
  has(name: keyof BroadcastEvents): boolean {
    return this.#listeners[name].size > 0;
  }

  emit<Name extends keyof BroadcastEvents>(name: Name, event: BroadcastEvents[Name]): void {
    for (const listener of this.#listeners[name]) tell(listener, event);
  }

  clear(): void {
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }
}
