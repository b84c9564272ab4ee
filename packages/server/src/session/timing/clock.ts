/** A timeout that was set. Only the clock that made it looks into it. */
export type TimerHandle = object | number;

/** The time of a host. The session core has no other timers, so that it runs wherever somebody gives it a clock. */
export interface Clock {
  /** Milliseconds, monotonic: a change of the system's clock does not show. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): TimerHandle;
  clearTimeout(timer: TimerHandle | undefined): void;
  /** Lets the process end though the timer is set; does nothing where a host has no such thing. */
  unref(timer: TimerHandle): void;
  /** Calls back in the next turn of the event loop, after other sockets have had theirs. */
  nextTurn(callback: () => void): void;
  /** A number that is another in each turn of the event loop; it changes before what `nextTurn` was given is called. */
  currentTurn(): number;
}
