/** How much it holds, in bytes. */
export const scratchSize = 65_536;

/**
 * Memory in which frames are written one behind the other, used again from its beginning once the kernel has taken all of
 * them. So the messages of a tick are one piece without a copy, and cost no memory of their own.
 */
class Scratch {
  #buffer: Buffer = Buffer.allocUnsafeSlow(scratchSize);
  #used = 0;
  #isHeld = false;

  /** The memory from `used` on is free. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get used(): number {
    return this.#used;
  }

  /** Makes room for so many bytes, where need be in new memory; `false` where they are too many. */
  makeRoom(bytes: number): boolean {
    if (this.#used + bytes <= scratchSize) return true;
    if (bytes > scratchSize) return false;
    this.#buffer = Buffer.allocUnsafeSlow(scratchSize);
    this.#used = 0;
    this.#isHeld = false;
    return true;
  }

  /** What was written ends here. */
  take(end: number): void {
    this.#used = end;
  }

  /** A socket still refers to what was written: this memory is not used again. */
  hold(): void {
    this.#isHeld = true;
  }

  /** All that was written is handed over. */
  reset(): void {
    if (!this.#isHeld) this.#used = 0;
  }
}

/** One for the process: a tick writes to one connection after the other. */
export const scratch: Scratch = new Scratch();
