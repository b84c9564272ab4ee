import type { DownKind } from "@ws/contract/wire";

/** Why there is no connection. */
export interface Down {
  /** The close code; 1006 where no close frame came. */
  readonly code: number;
  readonly reason: string;
  readonly kind: DownKind;
}

/**
 * The state of a client: one frozen object for each change, so that the store of any framework can hold it. `attempt` counts
 * from 1. `since` is when the last connection was opened (`Date.now()`); it is missing where there has never been one.
 */
export type State =
  | { readonly phase: "idle" }
  | { readonly phase: "connecting"; readonly attempt: number; readonly since?: number | undefined }
  | { readonly phase: "open"; readonly since: number }
  | {
      readonly phase: "waiting";
      /** The number of the next attempt. */
      readonly attempt: number;
      /** When the next attempt is made, as in `Date.now()`; `Infinity` while the page is frozen. */
      readonly retryAt: number;
      readonly down: Down;
      /** How many messages were sent without a later reply that shows that the server had them. */
      readonly unconfirmed: number;
      readonly since?: number | undefined;
    }
  | { readonly phase: "closed"; readonly down?: Down | undefined };

export const idle: State = Object.freeze({ phase: "idle" });
