import type { Wire } from "./wire.js";

/** Watches whether the other side of a connection is still there. */
export interface Pulse {
  start(wire: Wire): void;
  /** Asks for a sign of life, and counts the connection as lost where none comes in `ms`. */
  probe(wire: Wire, ms: number): void;
}

/**
 * Asks for a sign of life after `every` ms without a message, and not while the page is hidden; 0 never asks. Only the
 * answer to something that was sent since then counts: other messages do not show whether our own bytes arrive. A timer that
 * fires 1 s late slept together with its page or its machine. It asks again and does not judge, because an answer may be
 * unread, and what was read may be old.
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
