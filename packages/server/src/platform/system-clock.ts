import type { Clock } from "../session/timing/clock.js";

/**
 * Node's own `setImmediate`, kept here in case a test replaces the global one later: then turns would no longer be counted,
 * and one turn would seem to last for ever.
 */
const immediate = setImmediate;
let turn = 0;
let isTurnCounted = false;

function beginTurn(): void {
  isTurnCounted = false;
  turn += 1;
}

/** The clock of Node. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
  unref: (timer) => {
    (timer as NodeJS.Timeout).unref();
  },
  nextTurn: (callback) => {
    immediate(callback);
  },
  // One `setImmediate` serves all callers of a turn, and none is set in a turn in which nobody calls.
  currentTurn: () => {
    if (!isTurnCounted) immediate(beginTurn);
    isTurnCounted = true;
    return turn;
  },
};
