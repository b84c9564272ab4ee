import type { OnFailedCall } from "@ws/events";
import type { CloseState } from "./close-state.js";
import type { Limits } from "./limits.js";
import type { Clock } from "./timing/clock.js";
import type { TimerQueue } from "./timing/timer-queue.js";
import type { Handshake } from "./transport.js";

/** What a session tells the one who made it; but for `onFailedCall` each is called at most once, in this order. */
export interface SessionListener {
  /** Is told of every send that rejects. */
  readonly onFailedCall: OnFailedCall;
  /** The handshake is answered, or its client has gone. */
  settled(): void;
  /** The connection is open. Left out where it never was. */
  opened(): void;
  /** The connection has ended. */
  ended(end: CloseState): void;
  /** The socket is closed. */
  released(): void;
}

/** What a session is made of. */
export interface SessionParts {
  readonly handshake: Handshake;
  readonly clock: Clock;
  readonly timers: TimerQueue;
  readonly limits: Limits;
  /** What the client offered. */
  readonly subprotocols: readonly string[];
  readonly listener: SessionListener;
}
