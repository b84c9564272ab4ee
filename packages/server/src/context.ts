import type { Application, Scope } from "@ws/events";
import { publish } from "./diagnostics.js";
import type { ConnectionOptions } from "./options.js";
import { TrustedProxies } from "./proxy.js";

let count = 0;
const epoch = Date.now().toString(36);

/** Names a connection or a request in the log, and in no other process's. */
export function nextId(): string {
  count += 1;
  return `${epoch}-${count.toString(36)}`;
}

/** What everything that calls the application has in common. */
export class Context {
  readonly application: Application;
  readonly options: ConnectionOptions;
  /** What the lifespan put there. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly proxies: TrustedProxies;

  constructor(
    application: Application,
    options: ConnectionOptions,
    state: Readonly<Record<string, unknown>>,
  ) {
    this.application = application;
    this.options = options;
    this.state = state;
    this.proxies = new TrustedProxies(options.trustedProxies, options.proxyHeaders);
  }

  /** The application threw: said once, to the log and on the channel. */
  failed(id: string, scope: Scope, error: unknown): void {
    this.options.logger.error("the application failed", { id, error });
    publish("ws.server.connection.error", { id, scope, error });
  }
}
