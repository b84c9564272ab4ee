/** What the measured server is told at its start. */
export interface ServerTask {
  /** Sends back what came; the same as JSON that was validated; or sends one thing to all when it is asked to. */
  readonly work: "echo" | "json" | "fanout";
  /** The longest message, in bytes, for every contender. */
  readonly maxPayload: number;
  /** How many messages of how many bytes a round of fan-out sends to each. */
  readonly burst: number;
  readonly size: number;
  /** Files. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

/** Where a measured server listens. */
export interface Ports {
  readonly port: number;
  readonly controlPort: number;
}

/** CPU time of the server's process, in µs. */
export interface Usage {
  readonly cpu: number;
}
