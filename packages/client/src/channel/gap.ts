import type { GapReason } from "@ws/contract/wire";

/** Messages of a topic that did not come, or may not have come. */
export interface Gap {
  readonly reason: GapReason;
  /** How many messages are missing; `undefined` where that is unknown, and then it may be none. */
  readonly missed: number | undefined;
  /** The last position before the gap; `undefined` where there is none. */
  readonly after: string | undefined;
}

/** Thrown in place of the missing messages. A new iteration continues behind them. */
export class GapError extends Error {
  readonly code = "ERR_WS_GAP";
  readonly gap: Gap;

  constructor(gap: Gap) {
    super(`${gap.missed ?? "some"} messages may be missing: ${gap.reason}`);
    this.gap = gap;
  }
}
