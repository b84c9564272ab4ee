/** The size of the write buffer, in bytes. */
export const writeBufferSize = 65_536;

/**
 * Memory in which frames are written one behind the other. It is used again from its beginning once the kernel has taken
 * all of them, so that the messages of a tick are one piece without a copy and need no memory of their own.
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

  /** Whether so many bytes can be written behind what was. */
  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= writeBufferSize;
  }

  /** Makes room for so many bytes, at most all of it, where need be in new memory: what was written stays as it is. */
  makeRoom(bytes: number): void {
    if (this.hasRoom(bytes)) return;
    this.#buffer = Buffer.allocUnsafeSlow(writeBufferSize);
    this.#used = 0;
    this.#isHeld = false;
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

/** The process has one, because a tick writes to one connection after the other. */
export const writeBuffer: WriteBuffer = new WriteBuffer();
