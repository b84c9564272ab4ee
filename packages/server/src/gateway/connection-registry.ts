import type { ResolvedOptions } from "../options/options.js";
import type { Session } from "../session/session.js";
import type { Clock } from "../session/timing/clock.js";
import type { Draining } from "./extensions.js";
import { RefCountedSet } from "./ref-counted-set.js";

/** A connection, as far as the end of its server is concerned. */
export interface ServerConnection {
  readonly session: Session;
  readonly draining: Draining;
}

/** The connections of one server: those that are open, and those whose handshake has no answer yet. */
export class ConnectionRegistry {
  /** How many handshakes have no answer yet. */
  pending = 0;
  /** How many connections are open. */
  open = 0;
  /** Those whose socket is open or whose application has not returned. */
  readonly connections: RefCountedSet<ServerConnection> = new RefCountedSet();
  readonly clock: Clock;
  readonly options: Pick<ResolvedOptions, "closeTimeout" | "logger">;

  constructor(clock: Clock, options: Pick<ResolvedOptions, "closeTimeout" | "logger">) {
    this.clock = clock;
    this.options = options;
  }
}
