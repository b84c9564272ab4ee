import type { GapReason } from "@ws/contract/wire";

/** Messages of a topic that did not come, or may not have come. */
export interface Gap {
  readonly reason: GapReason;
  /** How many; `undefined` where that can't be told, and then it may be none. */
  readonly missed: number | undefined;
  /** The last position before them; `undefined` where there is none. */
  readonly after: string | undefined;
}

/** Thrown in the place of the messages that are missing. Iterating again goes on behind it. */
export class GapError extends Error {
  readonly code = "ERR_WS_GAP";
  readonly gap: Gap;

  constructor(gap: Gap) {
    super(`${gap.missed ?? "some"} messages may be missing: ${gap.reason}`);
    this.gap = gap;
  }
}
