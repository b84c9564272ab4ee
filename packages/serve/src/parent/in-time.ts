import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits at most `limit` ms for something of a process. If that takes longer, the process is killed and the result is
 * `otherwise`.
 */
export async function inTime<Outcome>(
  worker: { kill(): void },
  outcome: Promise<Outcome>,
  limit: number,
  otherwise: Outcome,
): Promise<Outcome> {
  const waiting = new AbortController();
  const late = pause(limit, undefined, { signal: waiting.signal }).then(
    () => {
      worker.kill();
      return otherwise;
    },
    () => otherwise,
  );
  const first = await Promise.race([outcome, late]);
  waiting.abort();
  return first;
}
