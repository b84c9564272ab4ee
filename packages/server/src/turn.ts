import type { Clock } from "./clock.js";

/** How many queued messages one connection may take in one turn of the event loop. */
const budget = 64;

/** Keeps a connection that always has more from starving the others: so many messages, then the next turn. */
export class TurnBudget {
  readonly #clock: Clock;
  readonly #onTurn: () => void;
  #taken = 0;
  #scheduled = false;

  /** `onTurn` is called when the next turn has begun with a new share. */
  constructor(clock: Clock, onTurn: () => void) {
    this.#clock = clock;
    this.#onTurn = onTurn;
  }

  /** Whether this turn's share is used up. */
  get spent(): boolean {
    return this.#taken >= budget;
  }

  /** Counts one message. */
  spend(): void {
    this.#taken += 1;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.nextTurn(() => {
      this.#scheduled = false;
      this.#taken = 0;
      this.#onTurn();
    });
  }
}
