/** How much is kept for the next message at most, in bytes. */
const most = 4_194_304;

/**
 * Memory for large frames, used again: a megabyte that is new costs more than to fill it, for the system must clear it
 * page by page.
 */
export class Reserve {
  readonly #free: Buffer[] = [];
  #kept = 0;

  /** How many bytes wait for the next message. */
  get kept(): number {
    return this.#kept;
  }

  /** At least so many bytes, whatever they hold; at most twice as many. */
  lend(bytes: number): Buffer {
    const index = this.#free.findIndex(({ length }) => length >= bytes && length <= bytes * 2);
    const [found] = index < 0 ? [] : this.#free.splice(index, 1);
    if (found === undefined) return Buffer.allocUnsafeSlow(bytes);
    this.#kept -= found.length;
    return found;
  }

  /** Nothing refers to it any more. What there is no room for is let go of. */
  giveBack(memory: Buffer): void {
    if (this.#kept + memory.length > most) return;
    this.#kept += memory.length;
    this.#free.push(memory);
  }
}

/** One for the process. */
export const reserve: Reserve = new Reserve();
