import type { EngineName } from "./server-task.js";

/** "bare" is no library: what the system's part costs; "envelope" is "ws" with the frames of a channel's topic. */
export type ContenderName = "ws" | "envelope" | "socket.io" | "bare";

/** Who serves how many. */
export interface Setup {
  readonly contender: ContenderName;
  readonly engine: EngineName;
  readonly processes: number;
  /** Of all processes together. */
  readonly members: number;
  /** Messages of a round. */
  readonly burst: number;
}

/** Bytes of a message's JSON. */
export const size = 64;

/** Tells setups apart. */
export function keyOf({ contender, engine, processes, members, burst }: Setup): string {
  return [contender, engine, processes, members, burst].join(" ");
}
