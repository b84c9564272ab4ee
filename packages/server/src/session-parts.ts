import type { Alarms } from "./alarm.js";
import type { Clock } from "./clock.js";
import type { End } from "./end.js";
import type { Limits } from "./options.js";
import type { Transport } from "./transport.js";

/** What a session tells the one who made it; each is called at most once, in this order. */
export interface SessionListener {
  /** The handshake is answered, or its client has gone. */
  settled(): void;
  /** The connection is open. Left out where it never was. */
  opened(): void;
  /** The connection has ended. */
  ended(end: End): void;
  /** The socket is closed. */
  released(): void;
}

/** What a session is made of. */
export interface SessionParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly limits: Limits;
  /** What the client offered. */
  readonly subprotocols: readonly string[];
  readonly listener: SessionListener;
}

/** How a connection is ended in the application's place. */
export interface Shutting {
  /** The HTTP status of a handshake that has no answer yet. */
  readonly status: number;
  /** The close code of a connection that is open. */
  readonly code: number;
  readonly initiator: "application" | "server";
}
