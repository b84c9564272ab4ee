/**
 * A bucket of at most `limit * burst` tokens, which is full at first and gains `limit` tokens in every `per` ms.
 *
 * It counts in units of 1/`per`, so that whole numbers stay whole, and rounding never refuses what is exactly allowed.
 */
export class TokenBucket {
  readonly #limit: number;
  readonly #per: number;
  readonly #capacity: number;
  #level: number;
  #at: number;

  /** `now` is in ms, on a clock that never goes back. */
  constructor(limit: number, per: number, burst: number, now: number) {
    this.#limit = limit;
    this.#per = per;
    this.#capacity = limit * burst * per;
    this.#level = this.#capacity;
    this.#at = now;
  }

  /** Takes so many tokens, if they are there. */
  take(amount: number, now: number): boolean {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#limit);
    this.#at = now;
    const cost = amount * this.#per;
    if (cost > this.#level) return false;
    this.#level -= cost;
    return true;
  }
}
