import type { ReceiveEvent } from "@ws/events";

/** A message that nobody has taken yet; decoded when somebody does. */
interface Held {
  readonly data: Buffer;
  readonly isText: boolean;
}

/** Whoever can stop the peer. */
export interface PauseOwner {
  setPaused(paused: boolean): void;
}

/** The event of one message. The transport has validated a text's UTF-8. */
export function messageEvent(data: Buffer, isText: boolean): ReceiveEvent {
  // Without an argument, which Node would look up: UTF-8.
  if (isText) return { type: "websocket.receive", text: data.toString() };
  // A plain view: a Buffer's slice() and equality differ from a Uint8Array's.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { type: "websocket.receive", bytes };
}

/** The messages that came before they were asked for. Above either bound the peer is paused, at half resumed. */
export class InboundQueue {
  readonly #limits: { readonly messages: number; readonly bytes: number };
  readonly #owner: PauseOwner;
  /** A place is emptied when its message is taken: it may be long until the array is let go. */
  #held: (Held | undefined)[] = [];
  /** Where the first held message stands: shifting an array is linear, moving an index is not. */
  #first = 0;
  #size = 0;
  #bytes = 0;
  #paused = false;

  constructor(limits: { readonly messages: number; readonly bytes: number }, owner: PauseOwner) {
    this.#limits = limits;
    this.#owner = owner;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether the peer is paused on our account. */
  get paused(): boolean {
    return this.#paused;
  }

  push(data: Buffer, isText: boolean): void {
    this.#held.push({ data, isText });
    this.#size += 1;
    this.#bytes += data.byteLength;
    const { messages, bytes } = this.#limits;
    if (!this.#paused && (this.#size >= messages || this.#bytes >= bytes)) this.#pause(true);
  }

  /** The oldest message; `undefined` where none is held. */
  take(): ReceiveEvent | undefined {
    const held = this.#held[this.#first];
    if (held === undefined) return undefined;
    this.#held[this.#first] = undefined;
    this.#first += 1;
    this.#size -= 1;
    this.#bytes -= held.data.byteLength;
    if (this.#size === 0) this.#forget();
    else if (this.#first >= 1024) this.#compact();
    const { messages, bytes } = this.#limits;
    if (this.#paused && this.#size <= messages / 2 && this.#bytes <= bytes / 2) this.#pause(false);
    return messageEvent(held.data, held.isText);
  }

  /** Lets the peer go on, so that its close can be read; nothing more is pushed after that. */
  close(drop: boolean): void {
    if (drop) this.#forget();
    if (this.#paused) this.#pause(false);
  }

  #forget(): void {
    this.#held = [];
    this.#first = 0;
    this.#size = 0;
    this.#bytes = 0;
  }

  /** Lets go of the empty places, so that the array does not grow with a queue that never empties. */
  #compact(): void {
    this.#held = this.#held.slice(this.#first);
    this.#first = 0;
  }

  #pause(paused: boolean): void {
    this.#paused = paused;
    this.#owner.setPaused(paused);
  }
}
