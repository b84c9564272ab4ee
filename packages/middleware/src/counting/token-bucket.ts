/**
 * Holds `limit * burst` at most, full at first, and gains `limit` in every `per` ms.
 *
 * It counts in units of 1/`per`, so that whole numbers stay whole and no rounding refuses what is exactly allowed.
 */
export class TokenBucket {
  readonly #limit: number;
  readonly #per: number;
  readonly #capacity: number;
  #level: number;
  #at: number;

  /** `now` is in ms, of a clock that never goes back. */
  constructor(limit: number, per: number, burst: number, now: number) {
    this.#limit = limit;
    this.#per = per;
    this.#capacity = limit * burst * per;
    this.#level = this.#capacity;
    this.#at = now;
  }

  /** Takes so much out, if there is as much. */
  take(amount: number, now: number): boolean {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#limit);
    this.#at = now;
    const cost = amount * this.#per;
    if (cost > this.#level) return false;
    this.#level -= cost;
    return true;
  }
}
