import type { Clock, TimerHandle } from "../session/timing/clock.js";
import type { Draining } from "./extensions.js";
import { StaggeredClose } from "./staggered-close.js";

/** What a drain needs to know of a connection. */
interface Member {
  readonly draining: Pick<Draining, "kept">;
}

/**
 * Ends connections over the window of a drain, each at a moment of chance. One whose application asked for time is ended
 * later, when it is let go; at the end of the window all are.
 */
export class ConnectionDrain<Connection extends Member> {
  readonly #clock: Clock;
  readonly #end: (connection: Connection) => void;
  readonly #closing: StaggeredClose<Connection>;
  /** Those whose moment has come and whose applications have not let them go. */
  readonly #kept = new Set<Connection>();
  readonly #timer: TimerHandle;
  #isOver: boolean;

  /** @param window In ms; 0 for at once. */
  constructor(
    clock: Clock,
    connections: Iterable<Connection>,
    window: number,
    end: (connection: Connection) => void,
  ) {
    this.#clock = clock;
    this.#end = end;
    this.#isOver = window === 0;
    this.#timer = clock.setTimeout(() => this.finish(), window);
    this.#closing = new StaggeredClose(clock, connections, window, (connection) => this.#turn(connection));
  }

  /** Ends at once those that are left. */
  finish(): void {
    this.#isOver = true;
    this.#clock.clearTimeout(this.#timer);
    for (const connection of this.#kept) this.#end(connection);
    this.#kept.clear();
    this.#closing.finish();
  }

  #turn(connection: Connection): void {
    const { kept } = connection.draining;
    if (kept === undefined || this.#isOver) return this.#end(connection);
    this.#kept.add(connection);
    void kept.then(() => {
      if (this.#kept.delete(connection)) this.#end(connection);
    });
  }
}
