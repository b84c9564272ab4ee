import type { Duplex } from "node:stream";
import { systemClock } from "../../platform/system-clock.js";
import type { Session } from "../../session/session.js";

/**
 * Every socket that an application took in this turn, in the whole process. All listeners of a server are given the same
 * socket, one after the other, so a second taker is found here.
 */
export const taken: Map<Duplex, Session | undefined> = new Map();

export function take(socket: Duplex, session: Session | undefined): void {
  if (taken.size === 0) systemClock.nextTurn(() => taken.clear());
  taken.set(socket, session);
}
