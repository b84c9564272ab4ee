import { setTimeout as delay } from "node:timers/promises";

/** The longest pause between two attempts, in ms. Together with the time of an attempt, NATS is in use again within 2 s. */
const longest = 1_000;

/**
 * Waits before attempt 0, 1, 2 …: a random time below a bound that doubles, to spread the processes. It rejects when the
 * signal is aborted.
 */
export async function backoff(attempt: number, signal: AbortSignal): Promise<void> {
  await delay(Math.random() * Math.min(longest, 50 * 2 ** attempt), undefined, { signal });
}
