import type { ReceiveEvent } from "@ws/events";

/**
 * The memory that a message takes beside its own bytes: a text is a string in two arrays, and binary data is an object with
 * its own memory. It is added to the cost of each message, so that a flood of empty messages is bounded too.
 */
const textOverhead = 40;
const bytesOverhead = 256;

/** Pauses and resumes the peer. */
export interface PauseOwner {
  setPaused(paused: boolean): void;
}

/** The event of one message: a text that was validated, or bytes as a plain `Uint8Array`. */
export function messageEvent(data: string | Uint8Array): ReceiveEvent {
  return typeof data === "string"
    ? { type: "websocket.receive", text: data }
    : { type: "websocket.receive", bytes: data };
}

/**
 * The memory that a text takes. `bytes` is its length in UTF-8; V8 stores two bytes per unit as soon as one of them is not
 * ASCII.
 */
function textCost(text: string, bytes: number): number {
  return textOverhead + (text.length === bytes ? bytes : Math.max(bytes, text.length * 2));
}

/**
 * The bytes, copied where they are less than half of the memory that they lie in: a small message must not keep the memory
 * of a whole read.
 */
function inOwnMemory(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength <= bytes.length * 2 ? bytes : new Uint8Array(bytes);
}

/**
 * Holds the messages that came before the application asked for them. Above either bound the peer is paused; at half of it
 * the peer is resumed.
 */
export class ReceiveQueue {
  readonly #limits: { readonly messages: number; readonly bytes: number };
  readonly #owner: PauseOwner;
  /** The messages in order. An entry is emptied when its message is taken, because the array itself may be kept for long. */
  #held: (string | Uint8Array | undefined)[] = [];
  /** The cost of each message, at the same index. */
  #costs: number[] = [];
  /** The index of the first message that is held. Moving an index costs less than shifting an array, which is linear. */
  #first = 0;
  #bytes = 0;
  #paused = false;

  constructor(limits: { readonly messages: number; readonly bytes: number }, owner: PauseOwner) {
    this.#limits = limits;
    this.#owner = owner;
  }

  get size(): number {
    return this.#held.length - this.#first;
  }

  /** Whether this queue has paused the peer. */
  get paused(): boolean {
    return this.#paused;
  }

  /** `bytes` is the text's length in UTF-8. */
  pushText(text: string, bytes: number): void {
    this.#push(text, textCost(text, bytes));
  }

  pushBytes(bytes: Uint8Array): void {
    this.#push(inOwnMemory(bytes), bytes.length + bytesOverhead);
  }

  /** The oldest message; `undefined` where none is held. */
  take(): ReceiveEvent | undefined {
    const index = this.#first;
    const data = this.#held[index];
    if (data === undefined) return undefined;
    this.#held[index] = undefined;
    this.#first += 1;
    this.#bytes -= this.#costs[index] as number;
    if (this.#first === this.#held.length) this.#forget();
    else if (this.#first >= 1024) this.#compact();
    const { messages, bytes } = this.#limits;
    if (this.#paused && this.size <= messages / 2 && this.#bytes <= bytes / 2) this.#pause(false);
    return messageEvent(data);
  }

  /** Ends the queue and resumes the peer, so that its close frame can be read. Nothing is pushed after that. */
  close(drop: boolean): void {
    if (drop) this.#forget();
    if (this.#paused) this.#pause(false);
  }

  #push(data: string | Uint8Array, cost: number): void {
    this.#held.push(data);
    this.#costs.push(cost);
    this.#bytes += cost;
    const { messages, bytes } = this.#limits;
    if (!this.#paused && (this.size >= messages || this.#bytes >= bytes)) this.#pause(true);
  }

  #forget(): void {
    this.#held = [];
    this.#costs = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  /** Removes the empty entries, so that the arrays do not grow where the queue never becomes empty. */
  #compact(): void {
    this.#held = this.#held.slice(this.#first);
    this.#costs = this.#costs.slice(this.#first);
    this.#first = 0;
  }

  #pause(paused: boolean): void {
    this.#paused = paused;
    this.#owner.setPaused(paused);
  }
}
