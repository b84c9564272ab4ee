/** What came and nobody has taken, in order. */
export class Queue<T> {
  readonly #items: T[] = [];
  readonly #takers: ((item: T) => void)[] = [];

  put(item: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(item);
  }

  /** The oldest; waits for one. */
  take(): Promise<T> {
    return new Promise((resolve) => {
      if (this.#items.length > 0) resolve(this.#items.shift() as T);
      else this.#takers.push(resolve);
    });
  }
}
