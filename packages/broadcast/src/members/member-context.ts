import type { Tally } from "../receivers/counters.js";

/** What all members of a schema group, which are of type `M`, have in common. */
export interface MemberContext<M> {
  readonly topic: string;
  /** Whether they are sent positions. */
  readonly positions: boolean;
  readonly tally: Tally;
  /** For a member to call, once, when it has left. */
  readonly left: (member: M) => void;
}
