import type { ResolvedOptions } from "../options/options.js";
import type { Session } from "../session/session.js";
import type { Clock } from "../session/timing/clock.js";
import type { Draining } from "./extensions.js";
import { RefCountedSet } from "./ref-counted-set.js";

/** What the shutdown of a server needs of a connection. */
export interface ServerConnection {
  readonly session: Session;
  readonly draining: Draining;
}

/** The connections of one server, including those whose handshake has not been answered. */
export class ConnectionRegistry {
  /** How many handshakes have not been answered. */
  pending = 0;
  /** How many connections are open. */
  open = 0;
  /** The connections whose socket is open or whose application has not returned. */
  readonly connections: RefCountedSet<ServerConnection> = new RefCountedSet();
  readonly clock: Clock;
  readonly options: Pick<ResolvedOptions, "closeTimeout" | "logger">;

  constructor(clock: Clock, options: Pick<ResolvedOptions, "closeTimeout" | "logger">) {
    this.clock = clock;
    this.options = options;
  }
}
