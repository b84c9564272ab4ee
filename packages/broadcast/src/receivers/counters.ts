/** What has happened since the start; `members` is how many there are now. */
export interface Counters {
  /** Connections that are joined now. */
  readonly members: number;
  /** Messages that the engine took from this process. */
  readonly published: number;
  /** Publishes that were refused, or failed. */
  readonly failed: number;
  /** Messages handed to a connection or an iterator, each receiver counted. */
  readonly delivered: number;
  /** Messages that a receiver was too slow for. */
  readonly dropped: number;
  /** Messages that a newer one of the same key took the place of. */
  readonly coalesced: number;
  /** Receivers that were ended because they were too slow, or could not be sent to. */
  readonly disconnected: number;
  /** Gaps of a topic; those of one receiver alone are in its own counters. */
  readonly gaps: number;
  /** Messages that came again, and were dropped. */
  readonly duplicates: number;
  /** What came and was no message, or one against the schema; dropped. */
  readonly poisoned: number;
}

/** Counts for a topic, and with it for the whole broadcast. */
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

/** What one receiver has seen. */
export interface ReceiverCounters {
  readonly delivered: number;
  readonly dropped: number;
  readonly coalesced: number;
  /** Gaps that it was in for; what it was too slow for is in `dropped`. */
  readonly gaps: number;
}

/** Counts for one receiver. */
export class ReceiverTally implements ReceiverCounters {
  delivered = 0;
  dropped = 0;
  coalesced = 0;
  gaps = 0;
}
