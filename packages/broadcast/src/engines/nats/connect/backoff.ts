import { setTimeout as delay } from "node:timers/promises";

/** The longest pause between two attempts, in ms: with the time that one takes, NATS is back in use within 2 s. */
const longest = 1_000;

/**
 * Waits before attempt 0, 1, 2 …: anywhere below a bound that doubles, so that processes spread. Rejects when the
 * signal is aborted.
 */
export async function backoff(attempt: number, signal: AbortSignal): Promise<void> {
  await delay(Math.random() * Math.min(longest, 50 * 2 ** attempt), undefined, { signal });
}
