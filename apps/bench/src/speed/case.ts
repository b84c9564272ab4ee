import type { Payload } from "../rig/payload.js";
import type { Kind } from "./load/load-task.js";

/** What is told of a case: the server's CPU time per message, a round trip, or memory per connection. */
export type Figure = "cpu" | "latency" | "memory";

/** What the whole stack is to reach in a case. */
interface Goal {
  /** Ratio to the control, above 1 is better. */
  readonly ratio: number;
  /** In the unit of the figure. */
  readonly atMost?: number;
}

export interface Case {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  readonly work: "echo" | "json" | "fanout";
  readonly payload: Payload;
  /** Of a message, in bytes. */
  readonly size: number;
  readonly connections: number;
  /** Messages of one connection at once, or of a round of fan-out. */
  readonly burst: number;
  /** At least so many messages go before what is measured. */
  readonly warmUp: number;
  /** How long one turn of a contender is, in ms: short, so that neighbours meet the same, but of many messages. */
  readonly window: number;
  readonly figure: Figure;
  /** Whether `--quick` has it. */
  readonly isQuick: boolean;
  readonly tls: boolean;
  /** Whether the servers may use `bufferutil`; the control is bare `ws` without. */
  readonly bufferutil: boolean;
  readonly goal?: Goal;
}
