import type { DownKind } from "@ws/contract/wire";

/** Why there is no connection. */
export interface Down {
  /** The close code; 1006 where no close frame came. */
  readonly code: number;
  readonly reason: string;
  readonly kind: DownKind;
}

/**
 * Where a client stands: one frozen object for each change, so that a store of any framework can hold it. `attempt` counts from
 * 1. `since` is when the last connection was opened (`Date.now()`); where it is missing there has never been one.
 */
export type State =
  | { readonly phase: "idle" }
  | { readonly phase: "connecting"; readonly attempt: number; readonly since?: number | undefined }
  | { readonly phase: "open"; readonly since: number }
  | {
      readonly phase: "waiting";
      /** The number of the attempt that comes next. */
      readonly attempt: number;
      /** When it comes, as `Date.now()` has it; `Infinity` while the page is put away. */
      readonly retryAt: number;
      readonly down: Down;
      /** How many messages were sent of which no later reply has shown that the server had them. */
      readonly unconfirmed: number;
      readonly since?: number | undefined;
    }
  | { readonly phase: "closed"; readonly down?: Down | undefined };

export const idle: State = Object.freeze({ phase: "idle" });
