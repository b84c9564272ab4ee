import type { Clock } from "./clock.js";
import type { ConnectionOptions } from "./options.js";
import { Roll } from "./roll.js";
import type { Session } from "./session.js";

/** What a server knows of its connections. */
export class Books {
  /** How many handshakes wait for their answer. */
  pending = 0;
  /** How many connections are open. */
  open = 0;
  /** All whose socket is open or whose application has not ended. */
  readonly sessions: Roll<Session> = new Roll();
  readonly clock: Clock;
  readonly options: Pick<ConnectionOptions, "closeTimeout" | "logger">;

  constructor(clock: Clock, options: Pick<ConnectionOptions, "closeTimeout" | "logger">) {
    this.clock = clock;
    this.options = options;
  }
}
