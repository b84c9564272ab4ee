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
}

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer),
  nextTurn: (callback) => {
    setImmediate(callback);
  },
};
