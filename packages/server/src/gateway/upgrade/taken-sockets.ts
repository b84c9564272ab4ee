import type { Duplex } from "node:stream";
import { systemClock } from "../../platform/system-clock.js";
import type { Session } from "../../session/session.js";

/**
 * Every socket that somebody took in this turn, in the whole process: all listeners of a server are given the same one,
 * one after the other.
 */
export const taken: Map<Duplex, Session | undefined> = new Map();

export function take(socket: Duplex, session: Session | undefined): void {
  if (taken.size === 0) systemClock.nextTurn(() => taken.clear());
  taken.set(socket, session);
}
