/** Counts since the start, except `members`, which is the current number. */
export interface Counters {
  /** Connections that are members now. */
  readonly members: number;
  /** Messages that the engine accepted from this process. */
  readonly published: number;
  /** Publishes that were refused or failed. */
  readonly failed: number;
  /** Messages handed to a connection or an iterator, counted for each receiver. */
  readonly delivered: number;
  /** Messages that were dropped because a receiver was too slow. */
  readonly dropped: number;
  /** Messages that a newer one with the same key replaced. */
  readonly coalesced: number;
  /** Receivers that were disconnected because they were too slow, or because sending to them failed. */
  readonly disconnected: number;
  /** Gaps in a topic. Gaps that concern only one receiver are in the counters of that receiver. */
  readonly gaps: number;
  /** Messages that came a second time and were dropped. */
  readonly duplicates: number;
  /** Data that was no message, or did not match the schema, and was dropped. */
  readonly poisoned: number;
}

/** Counts for a topic, and at the same time for the whole broadcast. */
export class Tally implements Counters {
  members = 0;
  published = 0;
  failed = 0;
  delivered = 0;
  dropped = 0;
  coalesced = 0;
  disconnected = 0;
  gaps = 0;
  duplicates = 0;
  poisoned = 0;
  readonly #whole: Tally | undefined;

  constructor(whole?: Tally) {
    this.#whole = whole;
  }

  count(name: keyof Counters, by = 1): void {
    this[name] += by;
    this.#whole?.count(name, by);
  }
}

/** The counters of one receiver. */
export interface ReceiverCounters {
  readonly delivered: number;
  readonly dropped: number;
  readonly coalesced: number;
  /** Gaps while it was a receiver. Messages that it was too slow for are in `dropped`. */
  readonly gaps: number;
}

/** Counts for one receiver. */
export class ReceiverTally implements ReceiverCounters {
  delivered = 0;
  dropped = 0;
  coalesced = 0;
  gaps = 0;
}
