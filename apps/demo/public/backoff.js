// @ts-check

const first = 500;
const longest = 15_000;

/**
 * How long to wait before the next attempt, in ms: doubled with each that failed, at most 15 s, of which the second half
 * is left to chance, so that the clients of a server that restarts don't all come at once.
 *
 * @param {number} failed how many attempts have failed since the last that was good, 0 up
 * @param {() => number} [random] in [0, 1)
 */
export function retryDelay(failed, random = Math.random) {
  const ceiling = Math.min(longest, first * 2 ** failed);
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
