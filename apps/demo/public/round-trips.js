// @ts-check

/** How many are kept, and drawn. */
export const capacity = 60;

/**
 * @typedef {object} Summary
 * @property {number} last
 * @property {number} median
 * @property {number} p95
 * @property {number} slowest
 * @property {number} count of all, not only of those that are kept
 */

/** The last round trips, in ms, oldest first. */
export class RoundTrips {
  /** @type {number[]} */
  #kept = [];
  #count = 0;

  /** @returns {readonly number[]} */
  get kept() {
    return this.#kept;
  }

  /** @param {number} ms */
  add(ms) {
    this.#kept.push(ms);
    this.#count += 1;
    if (this.#kept.length > capacity) this.#kept.shift();
  }

  /**
   * Of those that are kept; `undefined` where there are none. A percentile is the nearest rank.
   *
   * @returns {Summary | undefined}
   */
  get summary() {
    const last = this.#kept.at(-1);
    if (last === undefined) return undefined;
    const sorted = this.#kept.toSorted((a, b) => a - b);
    const rank = (/** @type {number} */ part) => sorted[Math.ceil(part * sorted.length) - 1] ?? last;
    return { last, median: rank(0.5), p95: rank(0.95), slowest: rank(1), count: this.#count };
  }
}

/**
 * The top of a scale that holds `value`: the next 1, 2 or 5 times a power of ten.
 *
 * @param {number} value above 0
 */
export function scaleTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5].find((each) => each * power >= value) ?? 10;
  return step * power;
}
