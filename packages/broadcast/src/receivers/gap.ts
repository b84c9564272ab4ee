import type { Position } from "../engine/engine.js";

/**
 * Why messages are missing. `lost`: a hole in the sequence. `epoch`: the numbers began anew. `interrupted`: the engine was
 * away. `overflow`: the receiver was too slow. `history`: `from` lies further back than is kept.
 */
export type GapReason = "lost" | "epoch" | "interrupted" | "overflow" | "history";

/** Messages that were not delivered, or may not have been. */
export interface Gap {
  readonly topic: string;
  readonly reason: GapReason;
  /** How many; `undefined` where that can't be told, and then it may be none. */
  readonly missed: number | undefined;
  /** The last position before them; `undefined` where there is none. */
  readonly after: Position | undefined;
}

/** Two gaps with no message between them, as one. */
export function joinGaps(first: Gap, second: Gap): Gap {
  const isCounted = first.missed !== undefined && second.missed !== undefined;
  const missed = isCounted ? first.missed + second.missed : undefined;
  return { topic: first.topic, reason: first.reason, missed, after: first.after };
}
