import type { Clock } from "../session/timing/clock.js";

/** Node's own function, also where a test replaces it later: a turn that is never counted would last for ever. */
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
  // One for all who ask in a turn, and none in a turn in which nobody does.
  currentTurn: () => {
    if (!isTurnCounted) immediate(beginTurn);
    isTurnCounted = true;
    return turn;
  },
};
