/** How to wait. */
export interface WaitOptions {
  /** Gives up waiting; the wait rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** In ms; the session's own by default. */
  readonly timeout?: number | undefined;
}

/** A wait took too long. The message names what was waited for. */
export class WaitTimeout extends Error {
  override readonly name: string = "WaitTimeout";
}

/**
 * Waits for `promise` no longer than `timeout` ms. What it waits for goes on: neither application nor connection is
 * touched.
 *
 * @throws {WaitTimeout} that names `what`, and the situation at that moment.
 */
export async function within<T>(
  promise: Promise<T>,
  what: string,
  timeout: number,
  situation: () => string = () => "",
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const now = situation();
      reject(new WaitTimeout(`expected ${what} within ${timeout} ms, got nothing${now && `; ${now}`}`));
    }, timeout);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
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
