/** Lets what concerns the same name happen one after the other; what concerns another name doesn't wait. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Gives what the work gives. The first of a name is done at once, before this returns. */
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
