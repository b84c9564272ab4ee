import type { OnFailedCall } from "@ws/events";
import type { CloseState } from "./close-state.js";
import type { Limits } from "./limits.js";
import type { Clock } from "./timing/clock.js";
import type { TimerQueue } from "./timing/timer-queue.js";
import type { Handshake } from "./transport.js";

/** Is told what happens to a session. Except for `onFailedCall`, each method is called at most once, in this order. */
export interface SessionListener {
  /** Is told of every send that rejects. */
  readonly onFailedCall: OnFailedCall;
  /** The handshake has been answered, or its client has gone. */
  settled(): void;
  /** The connection is open. It is not called for a handshake that was refused. */
  opened(): void;
  /** The connection has ended. */
  ended(end: CloseState): void;
  /** The socket is closed. */
  released(): void;
}

/** What a session is made from. */
export interface SessionParts {
  readonly handshake: Handshake;
  readonly clock: Clock;
  readonly timers: TimerQueue;
  readonly limits: Limits;
  /** The subprotocols that the client offered. */
  readonly subprotocols: readonly string[];
  readonly listener: SessionListener;
}
