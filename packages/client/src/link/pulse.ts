import type { Wire } from "./wire.js";

/** Watches whether the other side of a connection is still there. */
export interface Pulse {
  start(wire: Wire): void;
  /** Asks for a sign of life, and takes the connection for dead where none comes in `ms`. */
  probe(wire: Wire, ms: number): void;
}

/**
 * Asks after `every` ms without a message, and not while the page is hidden. Only what was sent since then and is answered counts as a
 * sign of life: other messages say nothing of the way from here to there. A timer that fires 1 s late slept with its page or its
 * machine: it asks, in place of judging, since an answer may lie unread, and whatever has been read since: that may be old. 0 asks never.
 */
export function createPulse(every: number, ping: (wire: Wire) => void, dead: (wire: Wire) => void): Pulse {
  const arm = (wire: Wire, ms: number): void => {
    clearTimeout(wire.timer);
    wire.due = Date.now() + ms;
    wire.timer = setTimeout(look, ms, wire);
  };
  const look = (wire: Wire): void => {
    const now = Date.now();
    const isLate = now - wire.due >= 1_000;
    if (!wire.asked) {
      const isHidden = (globalThis as { document?: { hidden: boolean } }).document?.hidden;
      const left = isHidden ? every : isLate ? 0 : every - now + wire.heard;
      if (left > 0) return arm(wire, left);
    } else if (!isLate) return dead(wire);
    probe(wire, isLate ? 3_000 : 10_000);
  };
  const probe = (wire: Wire, ms: number): void => {
    const now = Date.now();
    const isSooner = wire.asked && wire.due > now && wire.due <= now + ms;
    if (!every || isSooner) return;
    arm(wire, ms);
    ping(wire);
  };
  return {
    start(wire) {
      wire.heard = Date.now();
      if (every) arm(wire, every);
    },
    probe,
  };
}
