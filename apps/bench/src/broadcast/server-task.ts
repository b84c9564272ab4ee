/** What carries messages between processes. */
export type EngineName = "memory" | "redis" | "nats";

/** What a measured server is told at its start. */
export interface ServerTask {
  readonly engine: EngineName;
  /** Of the engine's server; empty for memory. */
  readonly url: string;
  /** 1 to 9: the first digit of its messages. */
  readonly publisher: number;
  /** Bytes of a message's JSON. */
  readonly size: number;
  /** Messages of a round. */
  readonly burst: number;
  /** Whether a message comes in the envelope of a channel. */
  readonly isEnveloped: boolean;
  /** Whether connections wait until they are told to join. */
  readonly isLate: boolean;
}

/**
 * What it is asked then: its CPU time; what its heap holds; to let all join who wait; when so many have joined; or to publish so
 * many as fast as they are acknowledged.
 */
export type Question =
  | "usage"
  | "memory"
  | "join"
  | { readonly joined: number }
  | { readonly publish: number };

export interface Ports {
  readonly port: number;
  readonly controlPort: number;
}
