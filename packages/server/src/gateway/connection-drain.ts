import type { Clock, TimerHandle } from "../session/timing/clock.js";
import type { Draining } from "./extensions.js";
import { StaggeredClose } from "./staggered-close.js";

/** What a drain needs of a connection. */
interface Member {
  readonly draining: Pick<Draining, "kept">;
}

/**
 * Ends connections over the window of a drain, each at a random moment. A connection whose application asked for time is
 * ended when the application lets it go. At the end of the window all that are left are ended.
 */
export class ConnectionDrain<Connection extends Member> {
  readonly #clock: Clock;
  readonly #end: (connection: Connection) => void;
  readonly #closing: StaggeredClose<Connection>;
  /** The connections whose moment has come while their applications still hold them. */
  readonly #kept = new Set<Connection>();
  readonly #timer: TimerHandle;
  #isOver: boolean;

  /** @param window In ms; with 0 all connections are ended at once. */
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

  /** Ends all that are left at once. */
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
