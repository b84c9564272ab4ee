import type { Application, RequestScope, Scope } from "@ws/events";
import { Admission } from "../http/request/admission.js";
import { loggedPath } from "../http/request/logged-path.js";
import type { Rejection } from "../http/request/rejection.js";
import type { ResolvedOptions } from "../options/options.js";
import { publish } from "./diagnostics.js";

let count = 0;
const epoch = Date.now().toString(36);

/** How many hints are logged as warnings in the life of a server. */
const maxHints = 16;

/** An id for a connection or a request in the log. No other process uses the same one. */
export function nextId(): string {
  count += 1;
  return `${epoch}-${count.toString(36)}`;
}

/** What upgrades and requests share when they call the application. */
export class Context {
  readonly application: Application;
  readonly options: ResolvedOptions;
  /** What the lifespan's start-up stored. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly admission: Admission;
  /**
   * The hints that were given. Each is given once, since anybody who sends requests could otherwise fill the log with them.
   */
  readonly #hints: Set<string> = new Set();

  constructor(application: Application, options: ResolvedOptions, state: Readonly<Record<string, unknown>>) {
    this.application = application;
    this.options = options;
    this.state = state;
    this.admission = new Admission(options);
  }

  /** Logs and publishes that a handshake was refused before the application ran. */
  handshakeRefused(rejection: Rejection): void {
    const { status, reason, details } = rejection;
    this.refused("handshake refused", rejection);
    publish("ws.server.handshake.rejected", { status, reason, ...details });
  }

  /** Logs that something was refused before the application ran. It is a warning where the hint is new. */
  refused(message: string, { status, reason, details }: Rejection): void {
    const { hint } = details;
    const isNews = hint !== undefined && !this.#hints.has(hint) && this.#hints.size < maxHints;
    if (isNews) this.#hints.add(hint);
    this.options.logger[isNews ? "warn" : "debug"](message, { status, reason, ...details });
  }

  /** Logs and publishes once that the application threw, or that nobody awaited a call that failed. */
  failed(id: string, scope: RequestScope & Scope, error: unknown, call?: string): void {
    // The channel comes first, so that a subscriber can mark the error as known before the logger gets it.
    publish("ws.server.connection.error", { id, scope, error });
    const path = loggedPath(scope);
    if (call === undefined) this.options.logger.error("the application failed", { id, path, error });
    else this.options.logger.error("a call failed and nobody awaited it", { id, path, call, error });
  }
}
