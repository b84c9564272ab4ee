/** The longest pause between two attempts, in ms: with the time that one takes, Redis is back in use within 2 s. */
const longest = 1_000;

/** How long to wait before attempt 0, 1, 2 …, in ms: anywhere below a bound that doubles, to spread processes. */
export function backoff(attempt: number): number {
  return Math.random() * Math.min(longest, 50 * 2 ** attempt);
}
