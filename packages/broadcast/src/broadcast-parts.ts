import type { Tally } from "./counters.js";
import type { Deadlines } from "./deadlines.js";
import type { EngineLink } from "./engine-link.js";
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
}
