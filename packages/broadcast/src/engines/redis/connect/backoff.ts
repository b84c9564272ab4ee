/** The longest pause between two attempts, in ms. Together with the time of an attempt, Redis is in use again within 2 s. */
const longest = 1_000;

/** How long to wait before attempt 0, 1, 2 …, in ms: a random time below a bound that doubles, to spread the processes. */
export function backoff(attempt: number): number {
  return Math.random() * Math.min(longest, 50 * 2 ** attempt);
}
