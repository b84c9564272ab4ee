import type { Position } from "../engine/engine.js";
import { type Gap, joinGaps } from "./gap.js";
import type { Message } from "./message.js";

/**
 * What happens when a receiver is too slow. `disconnect`: it is disconnected. `drop-oldest`, `drop-newest`: messages are
 * dropped. `coalesce`: a message replaces the waiting one with the same key, and beyond that the oldest is dropped.
 */
export type Overflow = "disconnect" | "drop-oldest" | "drop-newest" | "coalesce";

/** A message that waits, and the gaps before it. */
export interface Waiting {
  readonly message: Message;
  readonly value: unknown;
  gaps: readonly Gap[];
}

interface Link extends Waiting {
  readonly key: string | undefined;
  previous: Link | undefined;
  next: Link | undefined;
}

/** How many gaps are kept apart while no message lies between them. */
const maxGaps = 16;
const none: readonly Gap[] = [];

/** The position before a message, where there is one in the same epoch. */
function before({ epoch, sequence }: Position): Position | undefined {
  return sequence > 1 ? { epoch, sequence: sequence - 1 } : undefined;
}

function appended(gaps: readonly Gap[], gap: Gap): readonly Gap[] {
  const last = gaps.at(-1);
  const canJoin = last?.reason === "overflow" && gap.reason === "overflow";
  if (last === undefined || !(canJoin || gaps.length >= maxGaps)) return [...gaps, gap];
  return [...gaps.slice(0, -1), joinGaps(last, gap)];
}

/** The messages that wait for one receiver, and the gaps between them. */
export class Backlog {
  readonly #topic: string;
  readonly #dropsNewest: boolean;
  /** Whether the receiver wants to be told about gaps. */
  readonly #isTelling: boolean;
  readonly #keys = new Map<string, Link>();
  #first: Link | undefined;
  #last: Link | undefined;
  /** The gaps after the last message. */
  #gaps: readonly Gap[] = none;
  #size = 0;

  constructor(topic: string, overflow: Overflow, isTelling: boolean) {
    this.#topic = topic;
    this.#dropsNewest = overflow === "drop-newest";
    this.#isTelling = isTelling;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether neither a message nor a gap waits. */
  get isEmpty(): boolean {
    return this.#size === 0 && this.#gaps.length === 0;
  }

  /** Appends a message; true where it replaced one with the same key. */
  append(message: Message, value: unknown, key?: string): boolean {
    const old = key === undefined ? undefined : this.#keys.get(key);
    if (old !== undefined) this.#remove(old);
    const link: Link = { message, value, key, gaps: this.#gaps, previous: this.#last, next: undefined };
    this.#gaps = none;
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#size += 1;
    if (key !== undefined) this.#keys.set(key, link);
    return old !== undefined;
  }

  /** Records a gap after the last message. */
  gap(gap: Gap): void {
    if (this.#isTelling) this.#gaps = appended(this.#gaps, gap);
  }

  /** Drops the messages above `most`, and returns how many they were. */
  trim(most: number): number {
    const size = this.#size;
    for (let link = this.#outermost; link !== undefined && this.#size > most; link = this.#outermost) {
      this.#drop(link);
    }
    return size - this.#size;
  }

  /** Removes and returns the oldest message; `undefined` where none waits. */
  shift(): Waiting | undefined {
    const first = this.#first;
    if (first !== undefined) this.#unlink(first);
    return first;
  }

  /** Removes and returns the gaps after the last message. */
  takeGaps(): readonly Gap[] {
    const gaps = this.#gaps;
    this.#gaps = none;
    return gaps;
  }

  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.#keys.clear();
    this.#gaps = none;
    this.#size = 0;
  }

  /** The message to be dropped next. */
  get #outermost(): Link | undefined {
    return this.#dropsNewest ? this.#last : this.#first;
  }

  #drop(link: Link): void {
    if (this.#isTelling) {
      const { message } = link;
      const gap: Gap = { topic: this.#topic, reason: "overflow", missed: 1, after: before(message) };
      link.gaps = appended(link.gaps, gap);
    }
    this.#remove(link);
  }

  /** Removes a message. The gaps before it now belong to the message that follows. */
  #remove(link: Link): void {
    this.#unlink(link);
    if (link.gaps.length === 0) return;
    const following = link.next?.gaps ?? this.#gaps;
    const gaps = following.reduce(appended, link.gaps);
    if (link.next === undefined) this.#gaps = gaps;
    else link.next.gaps = gaps;
  }

  #unlink(link: Link): void {
    if (link.previous === undefined) this.#first = link.next;
    else link.previous.next = link.next;
    if (link.next === undefined) this.#last = link.previous;
    else link.next.previous = link.previous;
    this.#size -= 1;
    if (link.key !== undefined) this.#keys.delete(link.key);
  }
}
