import { BrandedError } from "@ws/events";

/** A wait took too long. The message names what was waited for. */
export class WaitTimeout extends BrandedError {
  static override readonly kind: string = "@ws/testing.WaitTimeout";
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
