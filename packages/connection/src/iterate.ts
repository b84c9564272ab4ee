/** One `next` after another, until it rejects: with an end that is the iteration's end, with anything else it throws. */
export async function* iterate<T>(
  next: () => Promise<T>,
  isEnd: (error: unknown) => boolean,
): AsyncGenerator<T, void, undefined> {
  for (;;) {
    try {
      yield await next();
    } catch (error) {
      if (isEnd(error)) return;
      throw error;
    }
  }
}
