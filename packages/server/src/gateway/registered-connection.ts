import {
  ConnectionClosed,
  type FailedCall,
  type LogError,
  type OnFailedCall,
  type WebSocketScope,
} from "@ws/events";
import { loggedPath } from "../http/request/logged-path.js";
import type { CloseState } from "../session/close-state.js";
import { endings } from "../session/endings.js";
import type { Session } from "../session/session.js";
import type { SessionListener } from "../session/session-parts.js";
import type { TimerHandle } from "../session/timing/clock.js";
import type { ConnectionRegistry, ServerConnection } from "./connection-registry.js";
import { publish } from "./diagnostics.js";
import type { Disconnect, Draining } from "./extensions.js";

/**
 * One connection in the registry. It counts the connection, publishes that it opened and closed, aborts its disconnect
 * signal, and logs a warning where its application still runs after the connection has ended.
 */
export class RegisteredConnection implements SessionListener, ServerConnection {
  readonly id: string;
  readonly draining: Draining;
  readonly #disconnect: Disconnect;
  readonly #registry: ConnectionRegistry;
  readonly #began: number;
  #scope!: WebSocketScope;
  #session!: Session;
  #isOpen = false;
  #hasReturned = false;
  #overdue: TimerHandle | undefined;
  /** The first failed call that nobody awaited. It has been logged. */
  #untaken: FailedCall | undefined;
  /** Whether a failed call was already logged that failed only because the connection had ended. */
  #isEndJudged = false;

  constructor(
    id: string,
    { disconnect, draining }: { readonly disconnect: Disconnect; readonly draining: Draining },
    registry: ConnectionRegistry,
  ) {
    this.id = id;
    this.draining = draining;
    this.#disconnect = disconnect;
    this.#registry = registry;
    this.#began = registry.clock.now();
  }

  get session(): Session {
    return this.#session;
  }

  /** A handshake has come and waits for its answer. */
  begin(scope: WebSocketScope): void {
    this.#scope = scope;
    this.#registry.pending += 1;
  }

  /** Adds the connection. It leaves the registry when its socket is closed and its application has returned. */
  enter(session: Session): void {
    this.#session = session;
    this.#registry.connections.enter(this, 2);
  }

  settled(): void {
    this.#registry.pending -= 1;
  }

  opened(): void {
    this.#isOpen = true;
    this.#registry.open += 1;
    publish("ws.server.connection.open", { id: this.id, scope: this.#scope });
  }

  ended(end: CloseState): void {
    this.#disconnect.end(end);
    if (!this.#isOpen) return;
    this.#registry.open -= 1;
    const { code, reason, wasClean, initiator } = end;
    const duration = this.#registry.clock.now() - this.#began;
    const told = { code, reason, wasClean, initiator, duration };
    publish("ws.server.connection.close", { id: this.id, scope: this.#scope, ...told });
  }

  released(): void {
    const { connections, clock, options } = this.#registry;
    connections.leave(this);
    if (this.#hasReturned) return;
    this.#overdue = clock.setTimeout(() => {
      options.logger.warn("the application still runs though its connection is over", { id: this.id });
    }, options.closeTimeout);
    // The warning must not keep the process from ending.
    clock.unref(this.#overdue);
  }

  /** It is a property and not a method, because middleware copies the scope's extensions, of which it is one. */
  readonly onFailedCall: OnFailedCall = (failed) => {
    const isEnd = failed.error instanceof ConnectionClosed;
    if (isEnd ? this.#isEndJudged : this.#untaken !== undefined) return;
    this.#isEndJudged ||= isEnd;
    this.#registry.clock.nextTurn(() => {
      if (!failed.isTaken) this.#judge(failed, isEnd);
    });
  };

  /** A property for the same reason. */
  readonly logError: LogError = (message, error, fields) => {
    this.#registry.options.logger.error(message, {
      id: this.id,
      path: loggedPath(this.#scope),
      ...fields,
      error,
    });
  };

  /** Whether this error has been logged already, as that of a call that nobody awaited. */
  hasLogged(error: unknown): boolean {
    return this.#untaken !== undefined && this.#untaken.error === error;
  }

  /**
   * Ends the connection because of a failed call that nobody awaited, unless the call failed because the connection had
   * ended.
   */
  #judge(failed: FailedCall, isEnd: boolean): void {
    const { error, call } = failed;
    const { id } = this;
    const path = loggedPath(this.#scope);
    const { logger } = this.#registry.options;
    if (isEnd) return logger.debug("the connection had ended before a call", { id, path, call, error });
    if (this.#untaken !== undefined) return;
    this.#untaken = failed;
    logger.error("a call failed and nobody awaited it", { id, path, call, error });
    publish("ws.server.connection.error", { id, scope: this.#scope, error });
    this.#session.end(endings.untakenCall);
  }

  /** The application has returned, or thrown. */
  returned(): void {
    const { connections, clock } = this.#registry;
    this.#hasReturned = true;
    clock.clearTimeout(this.#overdue);
    connections.leave(this);
  }
}
