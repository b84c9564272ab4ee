import type { Duplex } from "node:stream";
import type { Application } from "@ws/events";
import type { CloseOptions, ConnectionOptions } from "@ws/server";
import type { Client, ClientListener, HandshakeOptions } from "./client.js";

/** A server that runs an application, and how to connect to it. */
export interface Endpoint {
  /** The base of its addresses, such as `ws://localhost`. */
  readonly url: string;
  /** How many connections are open. */
  readonly connections: number;
  /** Opens a socket to it. A host without bytes throws. */
  dial(): Duplex;
  /**
   * Opens a client, for a host without bytes; by default it is that of `ws` over a socket of `dial`. It rejects with
   * `HandshakeRejected` for any answer but 101. `signal` is aborted when the client leaves.
   */
  open?(
    path: string,
    options: HandshakeOptions,
    listener: ClientListener,
    signal: AbortSignal,
  ): Promise<Client>;
  close(options?: CloseOptions): Promise<void>;
}

/** A way to run an application. The conformance suite is the same for all of them. */
export interface TestTransport {
  readonly name: string;
  start(application: Application, options?: Partial<ConnectionOptions>): Promise<Endpoint>;
}
