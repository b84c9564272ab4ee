import type { Clock, TimerHandle } from "./clock.js";

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that moves when a test says so. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Map<unknown, Due>();
  #turns: (() => void)[] = [];
  #turn = 0;

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** How many callbacks wait for the next turn. */
  get turns(): number {
    return this.#turns.length;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, milliseconds: number): TimerHandle {
    const timer = {};
    this.#timers.set(timer, { at: this.#now + milliseconds, callback });
    return timer;
  }

  clearTimeout(timer: TimerHandle | undefined): void {
    this.#timers.delete(timer);
  }

  unref(): void {}

  nextTurn(callback: () => void): void {
    this.#turns.push(callback);
  }

  currentTurn(): number {
    return this.#turn;
  }

  /** Lets `milliseconds` go by and runs what falls due, each at its own time, in order, and the turn after each. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let next = this.#first(end); next !== undefined; next = this.#first(end)) {
      const [timer, { at, callback }] = next;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      callback();
      this.turn();
    }
    this.#now = end;
  }

  /** Lets `milliseconds` go by in which nothing runs, as when the event loop stands still. */
  stall(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Begins the next turn of the event loop. */
  turn(): void {
    const callbacks = this.#turns;
    this.#turns = [];
    this.#turn += 1;
    for (const callback of callbacks) callback();
  }

  /** The timer that falls due first, not after `end`; of two at the same time the one that was set first. */
  #first(end: number): readonly [unknown, Due] | undefined {
    let first: readonly [unknown, Due] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].at <= end && (first === undefined || entry[1].at < first[1].at)) first = entry;
    }
    return first;
  }
}
