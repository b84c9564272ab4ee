import type { Application, RequestScope, Scope } from "@ws/events";
import { Admission } from "../http/request/admission.js";
import { loggedPath } from "../http/request/logged-path.js";
import type { Rejection } from "../http/request/rejection.js";
import type { ResolvedOptions } from "../options/options.js";
import { publish } from "./diagnostics.js";

let count = 0;
const epoch = Date.now().toString(36);

/** How many hints are warnings, in the life of a server. */
const maxHints = 16;

/** Names a connection or a request in the log, and in no other process's. */
export function nextId(): string {
  count += 1;
  return `${epoch}-${count.toString(36)}`;
}

/** What everything that calls the application has in common. */
export class Context {
  readonly application: Application;
  readonly options: ResolvedOptions;
  /** What the lifespan put there. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly admission: Admission;
  /** The hints that were given: once is enough for each, as whoever asks could fill the log with them. */
  readonly #hints: Set<string> = new Set();

  constructor(application: Application, options: ResolvedOptions, state: Readonly<Record<string, unknown>>) {
    this.application = application;
    this.options = options;
    this.state = state;
    this.admission = new Admission(options);
  }

  /** A handshake was refused before the application ran: said to the log and on the channel. */
  handshakeRefused(rejection: Rejection): void {
    const { status, reason, details } = rejection;
    this.refused("handshake refused", rejection);
    publish("ws.server.handshake.rejected", { status, reason, ...details });
  }

  /** Logs that something was refused before the application ran; a hint that is new as a warning. */
  refused(message: string, { status, reason, details }: Rejection): void {
    const { hint } = details;
    const isNews = hint !== undefined && !this.#hints.has(hint) && this.#hints.size < maxHints;
    if (isNews) this.#hints.add(hint);
    this.options.logger[isNews ? "warn" : "debug"](message, { status, reason, ...details });
  }

  /** The application threw, or nobody awaited a call that failed: said once, to the log and on the channel. */
  failed(id: string, scope: RequestScope & Scope, error: unknown, call?: string): void {
    // On the channel first: who listens there can tell the logger that it knows the error already.
    publish("ws.server.connection.error", { id, scope, error });
    const path = loggedPath(scope);
    if (call === undefined) this.options.logger.error("the application failed", { id, path, error });
    else this.options.logger.error("a call failed and nobody awaited it", { id, path, call, error });
  }
}
