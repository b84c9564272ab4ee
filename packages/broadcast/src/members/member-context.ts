import type { Tally } from "../receivers/counters.js";

/** What all members of a schema group share; `M` is the type of a member. */
export interface MemberContext<M> {
  readonly topic: string;
  /** Whether the members are sent positions. */
  readonly positions: boolean;
  readonly tally: Tally;
  /** A member calls this once, when it has left. */
  readonly left: (member: M) => void;
}
