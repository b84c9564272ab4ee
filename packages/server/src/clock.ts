/** A time-out that was set; opaque. */
export type Timer = ReturnType<typeof setTimeout>;

/** Time, as the session core sees it: no other part of the core knows a timer. */
export interface Clock {
  /** Milliseconds, monotonic: a change of the system's clock does not show. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
  /** Calls back in the next turn of the event loop, after other sockets have had theirs. */
  nextTurn(callback: () => void): void;
  /** A number that is another in each turn of the event loop; it changes before what `nextTurn` was given is called. */
  currentTurn(): number;
}

/** The platform's own, whatever a test puts in its place later: a turn that is never counted would last for ever. */
const immediate = setImmediate;
let turn = 0;
let isTurnCounted = false;

function beginTurn(): void {
  isTurnCounted = false;
  turn += 1;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer),
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
