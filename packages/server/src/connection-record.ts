import type { WebSocketScope } from "@ws/events";
import type { Books } from "./books.js";
import type { Timer } from "./clock.js";
import { publish } from "./diagnostics.js";
import type { End } from "./end.js";
import type { Disconnect } from "./extensions.js";
import type { Session } from "./session.js";
import type { SessionListener } from "./session-parts.js";

/**
 * Keeps the books of one connection: counts it, publishes its open and close, fires its disconnect signal, and tells of
 * an application that does not end with it.
 */
export class ConnectionRecord implements SessionListener {
  readonly id: string;
  readonly #scope: WebSocketScope;
  readonly #disconnect: Disconnect;
  readonly #books: Books;
  readonly #began: number;
  #session!: Session;
  #isOpen = false;
  #hasReturned = false;
  #overdue: Timer | undefined;

  constructor(id: string, scope: WebSocketScope, disconnect: Disconnect, books: Books) {
    this.id = id;
    this.#scope = scope;
    this.#disconnect = disconnect;
    this.#books = books;
    this.#began = books.clock.now();
    books.pending += 1;
  }

  /** To be called in the same tick. It leaves when both its socket is closed and its application has returned. */
  enter(session: Session): void {
    this.#session = session;
    this.#books.sessions.enter(session, 2);
  }

  settled(): void {
    this.#books.pending -= 1;
  }

  opened(): void {
    this.#isOpen = true;
    this.#books.open += 1;
    publish("ws.server.connection.open", { id: this.id, scope: this.#scope });
  }

  ended(end: End): void {
    this.#disconnect.end(end);
    if (!this.#isOpen) return;
    this.#books.open -= 1;
    const { code, reason, wasClean, initiator } = end;
    const duration = this.#books.clock.now() - this.#began;
    const told = { code, reason, wasClean, initiator, duration };
    publish("ws.server.connection.close", { id: this.id, scope: this.#scope, ...told });
  }

  released(): void {
    const { sessions, clock, options } = this.#books;
    sessions.leave(this.#session);
    if (this.#hasReturned) return;
    this.#overdue = clock.setTimeout(() => {
      options.logger.warn("the application still runs though its connection is over", { id: this.id });
    }, options.closeTimeout);
    // It is worth a line, not a process that can't end.
    this.#overdue.unref();
  }

  /** The application has returned, or thrown. */
  returned(): void {
    const { sessions, clock } = this.#books;
    this.#hasReturned = true;
    clock.clearTimeout(this.#overdue);
    sessions.leave(this.#session);
  }
}
