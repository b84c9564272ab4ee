/** The most that is kept for later messages, in bytes. */
const most = 4_194_304;

/**
 * Lends memory for large frames and uses it again. A new megabyte costs more than filling it does, because the system has to
 * clear every page of it.
 */
export class BufferPool {
  readonly #free: Buffer[] = [];
  #kept = 0;

  /** How many bytes are kept. */
  get kept(): number {
    return this.#kept;
  }

  /** Lends memory of at least `bytes` and at most twice as many bytes. It is not cleared. */
  lend(bytes: number): Buffer {
    const index = this.#free.findIndex(({ length }) => length >= bytes && length <= bytes * 2);
    const [found] = index < 0 ? [] : this.#free.splice(index, 1);
    if (found === undefined) return Buffer.allocUnsafeSlow(bytes);
    this.#kept -= found.length;
    return found;
  }

  /** Takes memory back to which nothing refers any more. Where the pool is full, the garbage collector gets it. */
  giveBack(memory: Buffer): void {
    if (this.#kept + memory.length > most) return;
    this.#kept += memory.length;
    this.#free.push(memory);
  }
}

/** The pool of the process. */
export const bufferPool: BufferPool = new BufferPool();
