import type { Position } from "../engine/engine.js";

/** Where a receiver began. */
export interface JoinResult {
  /** Of the last message that it has, or that went before; `undefined` where the engine can't tell, or it left before. */
  readonly position: Position | undefined;
  /** Whether it has all since `from`; true where none was given. */
  readonly recovered: boolean;
}
