import type { Position } from "../engine/engine.js";

/**
 * Why messages are missing. `lost`: there is a hole in the sequence. `epoch`: the numbers began anew. `interrupted`: the
 * engine was away. `overflow`: the receiver was too slow. `history`: `from` is older than what is kept.
 */
export type GapReason = "lost" | "epoch" | "interrupted" | "overflow" | "history";

/** Messages that were not delivered, or may not have been. */
export interface Gap {
  readonly topic: string;
  readonly reason: GapReason;
  /** How many messages are missing; `undefined` where that is unknown, and then it may be none. */
  readonly missed: number | undefined;
  /** The last position before the gap; `undefined` where there is none. */
  readonly after: Position | undefined;
}

/** Joins two gaps that have no message between them. */
export function joinGaps(first: Gap, second: Gap): Gap {
  const isCounted = first.missed !== undefined && second.missed !== undefined;
  const missed = isCounted ? first.missed + second.missed : undefined;
  return { topic: first.topic, reason: first.reason, missed, after: first.after };
}
