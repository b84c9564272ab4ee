/** A timer that was set. Only the clock that made it knows what it is. */
export type TimerHandle = object | number;

/** The time of a host. The session core uses no other timers, so it runs on every platform that has a clock. */
export interface Clock {
  /** Milliseconds that only grow: setting the system's clock has no influence. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): TimerHandle;
  clearTimeout(timer: TimerHandle | undefined): void;
  /** Lets the process end although the timer is set. It does nothing on a host that has no such feature. */
  unref(timer: TimerHandle): void;
  /** Calls back in the next turn of the event loop, after other sockets have had their turn. */
  nextTurn(callback: () => void): void;
  /** A number that differs in each turn of the event loop. It changes before the callbacks of `nextTurn` run. */
  currentTurn(): number;
}
