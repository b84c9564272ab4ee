import type { Payload } from "../../rig/payload.js";

/** What the load does over and over. */
export type Kind = "echo" | "fanout" | "connect" | "idle";

/** What the process of load is told of each server at its start. */
export interface LoadTask {
  readonly port: number;
  /** Where one byte asks a server for the next round of a fan-out. */
  readonly controlPort: number;
  readonly protocol: "plain" | "socket.io";
  readonly tls: boolean;
  readonly kind: Kind;
  readonly payload: Payload;
  readonly size: number;
  /** Open at once. */
  readonly connections: number;
  /** Messages of one connection that are under way at once, or that a round of fan-out sends to each. */
  readonly burst: number;
}

/** What it is told then of the server at that place: to open or close connections, or to load it for so many ms. */
export type LoadRequest = { readonly at: number } & (
  | { readonly open: number }
  | { readonly close: true }
  | { readonly run: number }
);

/** What was done between the first message and the last answer; times in µs. */
export interface LoadReport {
  readonly messages: number;
  readonly wall: number;
  readonly cpu: number;
  /** Round trips, where one message was under way. */
  readonly median: number;
  readonly p99: number;
}
