import type { Clock } from "../timing/clock.js";

/** How many queued messages one connection may take in one turn of the event loop. */
const budget = 64;

/** Keeps a connection that always has more from starving the others: so many messages, then the next turn. */
export class TurnBudget {
  readonly #clock: Clock;
  readonly #onTurn: () => void;
  #turn = 0;
  #taken = 0;

  /** `onTurn` is called in the turn after one whose share was used up. */
  constructor(clock: Clock, onTurn: () => void) {
    this.#clock = clock;
    this.#onTurn = onTurn;
  }

  /** Counts one message; `false` where this turn's share is used up. */
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
