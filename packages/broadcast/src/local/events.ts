import type { Gap } from "../receivers/gap.js";
import { tell } from "../receivers/listener-errors.js";

/** The engine can be reached again, or cannot be reached any more, with the reason in one line. */
export interface EngineEvent {
  readonly state: "up" | "down";
  readonly reason?: string;
}

/** Something came on a topic that is no message, or does not match its schema. */
export interface PoisonedEvent {
  readonly topic: string;
}

/** A call failed because of a mistake of the application, and nobody awaited it. */
export interface FailedEvent {
  readonly topic: string;
  /** The call that failed: `publish` or `members`. */
  readonly call: string;
  readonly error: unknown;
}

/** The events of a broadcast, by name. */
export interface BroadcastEvents {
  /** A topic of this process has missed messages, whichever receivers they were for. */
  readonly gap: Gap;
  readonly engine: EngineEvent;
  readonly poisoned: PoisonedEvent;
  /** Where nobody listens to this event, it is written to standard error. */
  readonly failed: FailedEvent;
}

type Listeners = { readonly [Name in keyof BroadcastEvents]: Set<(event: BroadcastEvents[Name]) => void> };

/** The listeners of a broadcast. */
export class Events {
  readonly #listeners: Listeners = {
    gap: new Set(),
    engine: new Set(),
    poisoned: new Set(),
    failed: new Set(),
  };

  /** @throws {TypeError} for an unknown name. */
  on<Name extends keyof BroadcastEvents>(
    name: Name,
    listener: (event: BroadcastEvents[Name]) => void,
  ): () => void {
    if (!Object.hasOwn(this.#listeners, name) || typeof listener !== "function") {
      const known = Object.keys(this.#listeners).join(", ");
      throw new TypeError(`on: expected one of ${known} and a function, got ${String(name).slice(0, 64)}`);
    }
    // It is a function of its own, so that a function that listens twice is called twice.
    const own = (event: BroadcastEvents[Name]): void => listener(event);
    this.#listeners[name].add(own);
    return () => void this.#listeners[name].delete(own);
  }

  /** Whether anybody listens to this event. */
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
