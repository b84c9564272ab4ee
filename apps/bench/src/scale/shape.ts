/** What is measured over. */
export type Place = "memory" | "redis" | "cluster" | "nats";

/** As many topics, each with as many members, in one process. */
export interface Shape {
  readonly topics: number;
  readonly members: number;
}

/** What the measured process is told. */
export interface ScaleTask extends Shape {
  readonly place: Place;
  /** Of the server; of the nodes of a cluster, `host:port`. */
  readonly servers: readonly string[];
  /** For how much CPU time of the process is published, in ms; as much again before, to warm up. */
  readonly span: number;
}

/** What it costs to be there. */
export interface Standing {
  /** CPU time of the process until every member had joined, in µs. */
  readonly joining: number;
  /** Of the heap and what lies beside it, for each member. */
  readonly bytes: number;
}

/** What it costs to publish. */
export interface Flow {
  readonly published: number;
  readonly delivered: number;
  /** Of the process, user and system, in µs. */
  readonly cpu: number;
  readonly lost: number;
}
