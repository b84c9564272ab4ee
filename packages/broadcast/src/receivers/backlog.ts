import type { Position } from "../engine/engine.js";
import { type Gap, joinGaps } from "./gap.js";
import type { Message } from "./message.js";

/**
 * What happens to a receiver that is too slow. `disconnect`: it is ended. `drop-oldest`, `drop-newest`: it misses some.
 * `coalesce`: the newest message of a key takes the place of the one that waits, and the oldest is dropped beyond that.
 */
export type Overflow = "disconnect" | "drop-oldest" | "drop-newest" | "coalesce";

/** A message that waits, and what is missing before it. */
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

/** As many gaps are kept apart while no message lies between them. */
const maxGaps = 16;
const none: readonly Gap[] = [];

/** The position before a message, where it has one in the same epoch. */
function before({ epoch, sequence }: Position): Position | undefined {
  return sequence > 1 ? { epoch, sequence: sequence - 1 } : undefined;
}

function appended(gaps: readonly Gap[], gap: Gap): readonly Gap[] {
  const last = gaps.at(-1);
  const canJoin = last?.reason === "overflow" && gap.reason === "overflow";
  if (last === undefined || !(canJoin || gaps.length >= maxGaps)) return [...gaps, gap];
  return [...gaps.slice(0, -1), joinGaps(last, gap)];
}

/** The messages that wait for one receiver, with the gaps between them. */
export class Backlog {
  readonly #topic: string;
  readonly #dropsNewest: boolean;
  /** Whether anybody wants to know of gaps. */
  readonly #isTelling: boolean;
  readonly #keys = new Map<string, Link>();
  #first: Link | undefined;
  #last: Link | undefined;
  /** What is missing after the last message. */
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

  /** Adds a message at the end; true where one of the same key was taken out for it. */
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

  /** Notes that something is missing here. */
  gap(gap: Gap): void {
    if (this.#isTelling) this.#gaps = appended(this.#gaps, gap);
  }

  /** Drops what is more than `most`; gives how many. */
  trim(most: number): number {
    const size = this.#size;
    for (let link = this.#outermost; link !== undefined && this.#size > most; link = this.#outermost) {
      this.#drop(link);
    }
    return size - this.#size;
  }

  /** The oldest message; `undefined` where none waits. */
  shift(): Waiting | undefined {
    const first = this.#first;
    if (first !== undefined) this.#unlink(first);
    return first;
  }

  /** Takes out what is missing after the last message. */
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

  /** The one to be dropped next. */
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

  /** Takes a message out, and leaves what is missing before it to what follows. */
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
