/** The size of the write buffer, in bytes. */
export const writeBufferSize = 65_536;

/**
 * A buffer into which frames are written one after the other. It is used again from its beginning when the kernel has taken
 * all of them. So the messages of a tick form one piece without being copied, and need no memory of their own.
 */
class WriteBuffer {
  #buffer: Buffer = Buffer.allocUnsafeSlow(writeBufferSize);
  #used = 0;
  #isHeld = false;

  /** The memory from `used` on is free. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether there is room for so many bytes behind what has been written. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= writeBufferSize;
  }

  /**
   * Makes room for so many bytes, at most for the whole size. If necessary it takes new memory, and the old memory keeps
   * what was written.
   */
  makeRoom(bytes: number): void {
    if (this.hasRoom(bytes)) return;
    this.#buffer = Buffer.allocUnsafeSlow(writeBufferSize);
    this.#used = 0;
    this.#isHeld = false;
  }

  /** Marks everything up to `end` as written. */
  take(end: number): void {
    this.#used = end;
  }

  /** A socket still refers to what was written, so this memory is not used again. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Everything that was written has been handed over, so the buffer starts again at its beginning. */
  reset(): void {
    if (!this.#isHeld) this.#used = 0;
  }
}

/** The process has one buffer, because within a tick only one connection is written to at a time. */
export const writeBuffer: WriteBuffer = new WriteBuffer();
