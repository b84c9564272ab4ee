/** Counts how often each key is present. A key that is not present takes no memory. */
export class KeyedCounter<Key> {
  readonly #counts: Map<Key, number> = new Map();

  /** How many keys are present. */
  get size(): number {
    return this.#counts.size;
  }

  count(key: Key): number {
    return this.#counts.get(key) ?? 0;
  }

  enter(key: Key): void {
    this.#counts.set(key, this.count(key) + 1);
  }

  leave(key: Key): void {
    const left = this.count(key) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
