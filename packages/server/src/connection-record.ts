import type { WebSocketScope } from "@ws/events";
import type { Clock, Timer } from "./clock.js";
import { publish } from "./diagnostics.js";
import type { End } from "./end.js";
import type { Disconnect } from "./extensions.js";
import type { ConnectionOptions } from "./options.js";
import type { SessionListener } from "./session-parts.js";
import type { Tally } from "./tally.js";

/**
 * Keeps the books of one connection: counts it, publishes its open and close, fires its disconnect signal, and tells of
 * an application that does not end with it.
 */
export class ConnectionRecord implements SessionListener {
  /** Called when the socket is closed, and when the application has returned. */
  leave!: () => void;
  readonly id: string;
  readonly #scope: WebSocketScope;
  readonly #disconnect: Disconnect;
  readonly #tally: Tally;
  readonly #clock: Clock;
  readonly #began: number;
  readonly #options: Pick<ConnectionOptions, "closeTimeout" | "logger">;
  #isOpen = false;
  #hasReturned = false;
  #overdue: Timer | undefined;

  constructor(
    id: string,
    scope: WebSocketScope,
    disconnect: Disconnect,
    tally: Tally,
    clock: Clock,
    options: Pick<ConnectionOptions, "closeTimeout" | "logger">,
  ) {
    this.id = id;
    this.#scope = scope;
    this.#disconnect = disconnect;
    this.#tally = tally;
    this.#clock = clock;
    this.#options = options;
    this.#began = clock.now();
    tally.pending += 1;
  }

  settled(): void {
    this.#tally.pending -= 1;
  }

  opened(): void {
    this.#isOpen = true;
    this.#tally.open += 1;
    publish("ws.server.connection.open", { id: this.id, scope: this.#scope });
  }

  ended(end: End): void {
    this.#disconnect.end(end);
    if (!this.#isOpen) return;
    this.#tally.open -= 1;
    const { code, reason, wasClean, initiator } = end;
    const duration = this.#clock.now() - this.#began;
    const told = { code, reason, wasClean, initiator, duration };
    publish("ws.server.connection.close", { id: this.id, scope: this.#scope, ...told });
  }

  released(): void {
    this.leave();
    if (this.#hasReturned) return;
    const { closeTimeout, logger } = this.#options;
    this.#overdue = this.#clock.setTimeout(() => {
      logger.warn("the application still runs though its connection is over", { id: this.id });
    }, closeTimeout);
    // It is worth a line, not a process that can't end.
    this.#overdue.unref();
  }

  /** The application has returned, or thrown. */
  returned(): void {
    this.#hasReturned = true;
    this.#clock.clearTimeout(this.#overdue);
    this.leave();
  }
}
