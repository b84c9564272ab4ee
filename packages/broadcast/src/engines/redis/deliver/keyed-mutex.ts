/** Runs work on the same name one after the other. Work on other names does not wait. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** The result of the work. The first work on a name starts at once, before this method returns. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const turn = before === undefined ? work() : before.then(work, work);
    this.#last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}
