/** What a timer of Node takes, in ms: a longer one would fire at once. */
const longestTimer = 2_147_483_647;

/** How to wait. */
export interface WaitOptions {
  /** Gives up waiting; the wait rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** In ms; the session's own by default. */
  readonly timeout?: number | undefined;
}

/** The environment variable that says how long a wait may take, in ms. */
const variable = "WS_TESTING_TIMEOUT";

/**
 * How long a wait may take where the test does not say it, in ms: what `WS_TESTING_TIMEOUT` says, else 5,000. So a busy
 * machine, such as one of CI, can be given more time without a change of the tests.
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
