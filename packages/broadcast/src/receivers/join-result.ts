import type { Position } from "../engine/engine.js";

/** Where a receiver began. */
export interface JoinResult {
  /**
   * The position of the last message that the receiver has, or that was published before it began; `undefined` where the
   * engine does not know it, or the receiver left before.
   */
  readonly position: Position | undefined;
  /** Whether the receiver has every message since `from`; true where no `from` was given. */
  readonly recovered: boolean;
}
