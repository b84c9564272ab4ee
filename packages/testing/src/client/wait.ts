/** The longest time that a timer of Node can hold, in ms. A longer one would fire at once. */
const longestTimer = 2_147_483_647;

/** Options of a wait. */
export interface WaitOptions {
  /** Ends the wait, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long the wait may take, in ms; by default the session's `timeout`. */
  readonly timeout?: number | undefined;
}

/** The environment variable that sets how long a wait may take, in ms. */
const variable = "WS_TESTING_TIMEOUT";

/**
 * How long a wait may take where the test does not say it, in ms: the value of `WS_TESTING_TIMEOUT`, or 5,000. So the tests
 * can be given more time on a busy machine, such as one of CI, without changing them.
 *
 * @throws {TypeError} where the variable is no number of milliseconds.
 */
export function defaultTimeout(): number {
  const given = process.env[variable];
  if (given === undefined || given === "") return 5_000;
  const timeout = Number(given);
  if (timeout > 0 && timeout <= longestTimer) return timeout;
  throw new TypeError(
    `${variable}: expected ms from 1 to ${longestTimer}, got ${JSON.stringify(given.slice(0, 80))}`,
  );
}

/** Waits for `promise`, but no longer than `timeout` ms. */
export async function atMost(promise: Promise<unknown>, timeout: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeout);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
