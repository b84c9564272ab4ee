import { maxHeader } from "../frame/opcode.js";

/** How much memory a peer can cause to be reserved by announcing a length, in bytes. For more it has to send something. */
const claim = 65_536;
/** How many times the received bytes, including headers, the reserved memory may be. */
const growth = 16;
const none: Buffer = Buffer.alloc(0);

/**
 * The payload of a message that comes in pieces, in one piece of memory. Its size follows what has come and not what was
 * announced, so that announcements alone reserve next to nothing.
 */
export class MessageBuffer {
  #memory: Buffer = none;
  #length = 0;

  /** How many bytes it holds. */
  get length(): number {
    return this.#length;
  }

  /** How much memory it uses, in bytes. */
  get capacity(): number {
    return this.#memory.length;
  }

  /**
   * Copies a piece of `chunk`. `announced` is how many bytes of the same frame are still to come, and `isLast` says whether
   * it is the last frame of the message.
   */
  append(chunk: Buffer, start: number, end: number, announced: number, isLast: boolean): void {
    const needed = this.#length + end - start;
    if (needed > this.#memory.length) this.#grow(needed, announced, isLast);
    chunk.copy(this.#memory, this.#length, start, end);
    this.#length = needed;
  }

  /** Returns the content in memory of its own. The buffer is empty afterwards. */
  take(): Buffer {
    const [memory, length] = [this.#memory, this.#length];
    this.clear();
    if (memory.length === length) return memory;
    // A small message must not keep unused memory while it waits.
    const whole = Buffer.allocUnsafeSlow(length);
    memory.copy(whole, 0, 0, length);
    return whole;
  }

  clear(): void {
    this.#memory = none;
    this.#length = 0;
  }

  #grow(needed: number, announced: number, isLast: boolean): void {
    const bound = Math.max(claim, (needed + maxHeader) * growth);
    const expected = Math.max(Math.min(needed + announced, bound), needed);
    // The size at least doubles; otherwise many small fragments would each cause a copy of everything.
    const size = isLast ? expected : Math.max(expected, Math.min(this.#memory.length * 2, bound));
    const memory = Buffer.allocUnsafeSlow(size);
    this.#memory.copy(memory, 0, 0, this.#length);
    this.#memory = memory;
  }
}
