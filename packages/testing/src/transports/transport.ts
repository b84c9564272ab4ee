import type { Duplex } from "node:stream";
import type { Application } from "@ws/events";
import type { CloseOptions, ConnectionOptions } from "@ws/server";
import type { Client, ClientListener, HandshakeOptions } from "./client.js";

/** A server that runs an application, and the way to it. */
export interface Endpoint {
  /** The base of its addresses, as `ws://localhost`. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** A new socket to it. A host without bytes throws. */
  dial(): Duplex;
  /**
   * A new client, for a host without bytes; by default the one of `ws`, over a socket of `dial`. Rejects with
   * `HandshakeRejected` for any answer but 101; `signal` says that the client leaves.
   */
  open?(
    path: string,
    options: HandshakeOptions,
    listener: ClientListener,
    signal: AbortSignal,
  ): Promise<Client>;
  close(options?: CloseOptions): Promise<void>;
}

/** A way to run an application. The same suite holds for each. */
export interface TestTransport {
  readonly name: string;
  start(application: Application, options?: Partial<ConnectionOptions>): Promise<Endpoint>;
}
