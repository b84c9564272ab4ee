/** Items that came and were not taken yet, in order. */
export class Inbox<T> {
  readonly items: T[] = [];
  readonly #takers: ((item?: T) => void)[] = [];
  /** Whether nothing more comes. */
  isEnded = false;

  push(item: T): void {
    const taker = this.#takers.shift();
    if (taker) taker(item);
    else this.items.push(item);
  }

  /** The oldest item; `undefined` when nothing more comes. */
  take(): Promise<T | undefined> {
    return new Promise((resolve) => {
      if (this.items.length || this.isEnded) resolve(this.items.shift());
      else this.#takers.push(resolve);
    });
  }

  end(): void {
    this.isEnded = true;
    for (const taker of this.#takers) taker();
  }
}
