import type { WebSocketScope } from "@ws/events";
import { loggedPath } from "../http/request/logged-path.js";
import { endings } from "../session/endings.js";
import { type RunListener, run } from "../session/run.js";
import type { Session } from "../session/session.js";
import type { Context } from "./context.js";
import type { Verdict } from "./origin-guard.js";
import type { RegisteredConnection } from "./registered-connection.js";

/**
 * The application's call for one connection. It decides when the call is made, and what the end of the call means for the
 * connection.
 */
export class ApplicationCall implements RunListener {
  readonly #context: Context;
  readonly #scope: WebSocketScope;
  readonly #session: Session;
  readonly #record: RegisteredConnection;

  constructor(context: Context, scope: WebSocketScope, session: Session, record: RegisteredConnection) {
    this.#context = context;
    this.#scope = scope;
    this.#session = session;
    this.#record = record;
  }

  /** Calls the application. Where the check of the origin takes time, it waits for that first. */
  start(verdict: Promise<Verdict> | undefined): void {
    run(() => (verdict === undefined ? this.#call() : this.#callAfter(verdict)), this.#session, this);
  }

  unanswered(): void {
    const fields = { id: this.#record.id, path: loggedPath(this.#scope) };
    this.#context.options.logger.warn("the application returned before it answered the handshake", fields);
  }

  failed(error: unknown): void {
    const record = this.#record;
    if (!record.hasLogged(error)) this.#context.failed(record.id, this.#scope, error);
  }

  over(): void {
    this.#record.returned();
  }

  #call(): Promise<void> {
    return this.#context.application(this.#scope, this.#session.receive, this.#session.send);
  }

  /**
   * Calls the application once the origin is allowed, unless the client has left or the server has refused the handshake by
   * then.
   */
  async #callAfter(verdict: Promise<Verdict>): Promise<void> {
    // A check that never answers is not awaited any longer than its client stays; otherwise a shutdown would wait for it as
    // well.
    const rejection = await Promise.race([verdict, this.#ended()]);
    if (rejection !== undefined) {
      this.#context.handshakeRefused(rejection);
      this.#session.end({ ...endings.refused, status: rejection.status });
    } else if (this.#session.closeState === undefined) await this.#call();
  }

  /** Resolves when the connection has ended. */
  #ended(): Promise<undefined> {
    const signal = this.#scope.extensions["websocket.disconnect"]?.signal as AbortSignal;
    return new Promise((resolve) =>
      signal.addEventListener("abort", () => resolve(undefined), { once: true }),
    );
  }
}
