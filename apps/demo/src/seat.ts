import { BroadcastError, type Membership, type Topic } from "@ws/broadcast";
import type { News, news } from "./chat-messages.js";

/** What a seat is made of. */
export interface SeatParts {
  readonly name: string;
  /** Everybody who is there, in the order in which they came. */
  readonly members: readonly string[];
  readonly membership: Membership;
  readonly topic: Topic<typeof news>;
}

/** A seat in a room, until `leave`. */
export class Seat {
  readonly members: readonly string[];
  readonly #parts: SeatParts;
  readonly #onLeave: () => void;
  #isKnown = false;

  constructor(parts: SeatParts, onLeave: () => void) {
    this.members = parts.members;
    this.#parts = parts;
    this.#onLeave = onLeave;
  }

  /** Tells the room of it; whether the engine took that. */
  enter(): Promise<boolean> {
    this.#isKnown = true;
    return this.#publish({ type: "joined", name: this.#parts.name, at: now() });
  }

  /** Whether the engine took it. */
  say(text: string): Promise<boolean> {
    return this.#publish({ type: "said", name: this.#parts.name, text, at: now() });
  }

  /** Resolves when the room was told, or could not be. */
  async leave(): Promise<void> {
    this.#parts.membership();
    this.#onLeave();
    if (this.#isKnown) await this.#publish({ type: "left", name: this.#parts.name, at: now() });
  }

  async #publish(message: News): Promise<boolean> {
    try {
      await this.#parts.topic.publish(message);
      return true;
    } catch (error) {
      if (error instanceof BroadcastError) return false;
      throw error;
    }
  }
}

function now(): string {
  return new Date().toISOString();
}
