import { BrandedError } from "@ws/events";

/** A wait took too long. The message says what was awaited. */
export class WaitTimeout extends BrandedError {
  static override readonly kind: string = "@ws/testing.WaitTimeout";
  override readonly name: string = "WaitTimeout";
}

/**
 * Waits for `promise` at most `timeout` ms. The application and the connection are not affected when the time is over.
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
