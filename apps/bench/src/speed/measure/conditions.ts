import type { ServerConditions } from "../servers.js";

/** How long is warmed up and measured, and what the machine can hold. */
export interface Conditions extends ServerConditions {
  /** In ms; for each contender. */
  readonly warm: number;
  readonly span: number;
  /** The most sockets that one process may hold. */
  readonly maxConnections: number;
}
