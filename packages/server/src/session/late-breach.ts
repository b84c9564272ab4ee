import type { CloseState } from "./close-state.js";
import type { EventQueue } from "./queue/event-queue.js";
import type { Clock } from "./timing/clock.js";

/** Ends the connection of a peer that broke the protocol. */
export interface BreachOwner {
  /** How the connection ended; `undefined` while it hasn't. */
  readonly closeState: CloseState | undefined;
}

/**
 * A breach of the protocol that has not been answered yet. The messages that came before the breach still belong to the
 * application, and it may answer them as long as its answers wait for nothing else.
 */
export class LateBreach {
  readonly #clock: Clock;
  readonly #queue: Pick<EventQueue, "held">;
  readonly #owner: BreachOwner;
  readonly #onConcluded: () => void;
  #isConcluded = false;

  /** `onConcluded` is called once, when the peer is to get its close frame. */
  constructor(clock: Clock, queue: Pick<EventQueue, "held">, owner: BreachOwner, onConcluded: () => void) {
    this.#clock = clock;
    this.#queue = queue;
    this.#owner = owner;
    this.#onConcluded = onConcluded;
    this.#awaitAnswers(Number.POSITIVE_INFINITY);
  }

  /** Answers the breach now, without waiting any longer. */
  conclude(): void {
    if (this.#isConcluded) return;
    this.#isConcluded = true;
    this.#onConcluded();
  }

  /**
   * Gives the application another turn as long as it takes messages. `held` is the number of messages that were queued a
   * turn ago.
   */
  #awaitAnswers(held: number): void {
    this.#clock.nextTurn(() => {
      const left = this.#queue.held;
      const isAnswering = left > 0 && left < held;
      if (!this.#isConcluded && this.#owner.closeState === undefined && isAnswering) this.#awaitAnswers(left);
      else this.conclude();
    });
  }
}
