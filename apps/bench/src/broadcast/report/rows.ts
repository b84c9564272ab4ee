import type { EngineName } from "../server-task.js";
import type { ContenderName, Setup } from "../setup.js";

/** One line of the table: the same done by both. */
export interface Row {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  readonly own: Setup;
  readonly other: Setup;
  /** What can be had at best, where that is known. */
  readonly floor: Setup | undefined;
  /** How many times the other's deliveries per CPU second are wanted. */
  readonly goal: number | undefined;
  readonly isQuick: boolean;
}

const goal = 1.8;
/** Through a server of Redis or NATS as much as within the process, less a tenth. */
const through = 0.9;

/** With ten messages a tick, which go out in one write. */
const burstGoal = 7;

function goalOf(burst: number): number {
  return burst === 1 ? goal : burstGoal;
}

function shapeOf(members: number, burst: number, processes: number, engine: EngineName) {
  return (contender: ContenderName): Setup => ({ contender, engine, processes, members, burst });
}

function titleOf(members: number, burst: number): string {
  const rate = burst === 1 ? "one message" : `${burst} messages`;
  return `${members.toLocaleString("en-US")} members, ${rate} a tick`;
}

function memoryRow(members: number, burst: number): Row {
  const setup = shapeOf(members, burst, 1, "memory");
  return {
    name: `memory-${members}x${burst}`,
    title: `memory, ${titleOf(members, burst)}`,
    own: setup("ws"),
    other: setup("socket.io"),
    floor: setup("bare"),
    goal: members === 1_000 ? goalOf(burst) : undefined,
    isQuick: members === 1_000,
  };
}

/** Socket.IO has its Redis adapter in each. */
function sharedRow(engine: "redis" | "nats", burst: number): Row {
  return {
    name: `${engine}-${burst}`,
    title: `${engine === "redis" ? "Redis" : "NATS"}, two processes, ${titleOf(1_000, burst)}`,
    own: shapeOf(1_000, burst, 2, engine)("ws"),
    other: shapeOf(1_000, burst, 2, "redis")("socket.io"),
    floor: undefined,
    goal: goalOf(burst) * through,
    isQuick: true,
  };
}

export const rows: readonly Row[] = [
  memoryRow(100, 1),
  memoryRow(1_000, 1),
  memoryRow(1_000, 10),
  memoryRow(10_000, 1),
  sharedRow("redis", 1),
  sharedRow("redis", 10),
  sharedRow("nats", 1),
  sharedRow("nats", 10),
];

/** A topic of a channel beside a bare one: its frames are made once as well, and cost a twentieth more at most. */
export const envelope: Row = {
  name: "envelope",
  title: `memory, ${titleOf(1_000, 1)}`,
  own: shapeOf(1_000, 1, 1, "memory")("envelope"),
  other: shapeOf(1_000, 1, 1, "memory")("ws"),
  floor: undefined,
  goal: 1 / 1.05,
  isQuick: true,
};

/** A million deliveries of which none may be lost, twice or out of order. */
export interface Trial {
  /** As `--only` takes it. */
  readonly name: string;
  readonly setup: Setup;
  /** By all processes together. */
  readonly published: number;
}

export const trials: readonly Trial[] = [
  { name: "correct-memory", setup: shapeOf(1_000, 10, 1, "memory")("ws"), published: 1_000 },
  { name: "correct-redis", setup: shapeOf(10, 50, 2, "redis")("ws"), published: 100_000 },
  { name: "correct-nats", setup: shapeOf(10, 50, 2, "nats")("ws"), published: 100_000 },
];

/** What a member of an idle topic costs. */
export const idle: { readonly name: string; readonly setups: readonly Setup[] } = {
  name: "idle",
  setups: (["ws", "socket.io"] as const).map(shapeOf(10_000, 1, 1, "memory")),
};
