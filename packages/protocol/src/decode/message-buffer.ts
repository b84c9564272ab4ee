import { maxHeader } from "../frame/opcode.js";

/** How much memory a peer may claim at once by announcing a length, in bytes: it must send something to get more. */
const claim = 65_536;
/** What came, with its header, may be answered by so many times as much memory. */
const growth = 16;
const none: Buffer = Buffer.alloc(0);

/**
 * The payload of a message that comes in pieces, in one piece of memory. It grows with what came, not with what was
 * announced, so that a peer that only announces gets next to nothing.
 */
export class MessageBuffer {
  #memory: Buffer = none;
  #length = 0;

  /** How many bytes it holds. */
  get length(): number {
    return this.#length;
  }

  /** How much memory it takes, in bytes. */
  get capacity(): number {
    return this.#memory.length;
  }

  /**
   * Copies a piece of `chunk`; `announced` is how many bytes of the same frame are still to come behind it, and `isLast`
   * says whether no other frame follows.
   */
  append(chunk: Buffer, start: number, end: number, announced: number, isLast: boolean): void {
    const needed = this.#length + end - start;
    if (needed > this.#memory.length) this.#grow(needed, announced, isLast);
    chunk.copy(this.#memory, this.#length, start, end);
    this.#length = needed;
  }

  /** All that it holds, in memory that nobody else has; it is empty afterwards. */
  take(): Buffer {
    const [memory, length] = [this.#memory, this.#length];
    this.clear();
    if (memory.length === length) return memory;
    // A small message would keep the room that it did not fill for as long as it waits.
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
    // Doubling at least: many small fragments would otherwise be copied once for each of them.
    const size = isLast ? expected : Math.max(expected, Math.min(this.#memory.length * 2, bound));
    const memory = Buffer.allocUnsafeSlow(size);
    this.#memory.copy(memory, 0, 0, this.#length);
    this.#memory = memory;
  }
}
