import type { Duplex } from "node:stream";
import type { Application } from "@ws/events";
import type { CloseOptions, ConnectionOptions } from "@ws/server";

/** A server that runs an application, and the way to it. */
export interface Endpoint {
  /** The base of its addresses, as `ws://localhost`. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** A new socket to it. */
  dial(): Duplex;
  close(options?: CloseOptions): Promise<void>;
}

/** A way to run an application. The same suite holds for each. */
export interface TestTransport {
  readonly name: string;
  start(application: Application, options?: Partial<ConnectionOptions>): Promise<Endpoint>;
}
