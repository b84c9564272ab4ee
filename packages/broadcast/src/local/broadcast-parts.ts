import type { Deadlines } from "../engine/deadlines.js";
import type { EngineLink } from "../engine/engine-link.js";
import type { Control } from "../processes/control.js";
import type { Tally } from "../receivers/counters.js";
import type { Events } from "./events.js";
import type { BroadcastLimits } from "./options.js";

/** What the topics of one broadcast share. */
export interface BroadcastParts {
  readonly link: EngineLink;
  readonly limits: BroadcastLimits;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly tally: Tally;
  /** How many publishes are under way. */
  readonly under: { way: number };
  /** The questions that processes ask each other. */
  readonly control: Control;
  /** How many memberships there have been. */
  readonly count: { members: number };
}
