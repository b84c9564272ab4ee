import type { Faults } from "../faults.js";

/** What the process that holds all members is told at its start. */
export interface LoadTask {
  /** Of the servers; members are spread evenly. */
  readonly ports: readonly number[];
  /** Where one byte asks the first server for the next round. */
  readonly controlPort: number;
  /** How a message comes: as Socket.IO sends it, as a channel does, or as it is. */
  readonly format: "socket.io" | "envelope" | "plain";
  readonly members: number;
  /** Bytes of a message's JSON. */
  readonly size: number;
  /** Messages of a round. */
  readonly burst: number;
}

/**
 * What it is told then: to open all connections; to ask for rounds for so many ms; or to wait until every member has so many
 * of each server.
 */
export type LoadRequest = { readonly open: true } | { readonly run: number } | { readonly await: number };

/** Times in µs. Faults are all since the connections were opened. */
export interface LoadReport {
  readonly deliveries: number;
  readonly wall: number;
  readonly cpu: number;
  readonly faults: Faults;
}
