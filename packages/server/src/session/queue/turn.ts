import type { Clock } from "../timing/clock.js";

/** How many queued messages one connection may take in one turn of the event loop. */
const budget = 64;

/**
 * Limits how many messages one connection may take in a turn, so that a connection that always has more does not starve the
 * others.
 */
export class TurnBudget {
  readonly #clock: Clock;
  readonly #onTurn: () => void;
  #turn = 0;
  #taken = 0;

  /** `onTurn` is called in the turn after one in which the budget was used up. */
  constructor(clock: Clock, onTurn: () => void) {
    this.#clock = clock;
    this.#onTurn = onTurn;
  }

  /** Counts one message; `false` where the budget of this turn is used up. */
  spend(): boolean {
    const turn = this.#clock.currentTurn();
    if (turn !== this.#turn) this.#taken = 0;
    this.#turn = turn;
    if (this.#taken === budget) return false;
    this.#taken += 1;
    if (this.#taken === budget) this.#clock.nextTurn(this.#onTurn);
    return true;
  }
}
