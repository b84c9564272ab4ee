import type { ReceiveEvent } from "@ws/events";

/**
 * What a message takes in memory beside its own bytes: a text as a string in two arrays, bytes as an object with memory of
 * their own. Each is counted for that, so that a flood of empty messages is bounded too.
 */
const textOverhead = 40;
const bytesOverhead = 256;

/** Whoever can stop the peer. */
export interface PauseOwner {
  setPaused(paused: boolean): void;
}

/** The event of one message: a text that was validated, or bytes as a plain `Uint8Array`. */
export function messageEvent(data: string | Uint8Array): ReceiveEvent {
  return typeof data === "string"
    ? { type: "websocket.receive", text: data }
    : { type: "websocket.receive", bytes: data };
}

/** How much memory a text takes, whose length in UTF-8 is `bytes`: V8 holds two bytes a unit where not all are ASCII. */
function textCost(text: string, bytes: number): number {
  return textOverhead + (text.length === bytes ? bytes : Math.max(bytes, text.length * 2));
}

/** The same bytes, in memory of which they are at least half: a small message must not keep that of a whole read. */
function inOwnMemory(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength <= bytes.length * 2 ? bytes : new Uint8Array(bytes);
}

/** The messages that came before they were asked for. Above either bound the peer is paused, at half resumed. */
export class ReceiveQueue {
  readonly #limits: { readonly messages: number; readonly bytes: number };
  readonly #owner: PauseOwner;
  /** In order. A place is emptied when its message is taken: it may be long until the array is let go. */
  #held: (string | Uint8Array | undefined)[] = [];
  /** What each counts for, at the same index. */
  #costs: number[] = [];
  /** Where the first held message stands: shifting an array is linear, moving an index is not. */
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

  /** Whether the peer is paused on our account. */
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

  /** Lets the peer go on, so that its close can be read; nothing more is pushed after that. */
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

  /** Lets go of the empty places, so that the arrays do not grow with a queue that never empties. */
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
