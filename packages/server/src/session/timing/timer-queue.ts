import type { Clock, TimerHandle } from "./clock.js";

/**
 * Fires once, after a delay. A timer is a link in the list of all timers with the same delay: a connection has several
 * timers, and the platform has one for the whole list.
 */
export abstract class Timer {
  /** The list in which the timer is while it is set. This field and the next two belong to that list. */
  queue: DelayQueue | undefined;
  before: Timer | undefined;
  after: Timer | undefined;
  /** When the timer fires, in ms of the clock's `now()`. The value stays after the timer has fired. */
  due = 0;

  abstract fire(): void;
}

/** A timer that calls its owner. */
export class CallbackTimer extends Timer {
  readonly #owner: { onTimeout(): void };

  constructor(owner: { onTimeout(): void }) {
    super();
    this.#owner = owner;
  }

  fire(): void {
    this.#owner.onTimeout();
  }
}

/** The timers with one delay, in the order in which they were set and will fire. */
class DelayQueue {
  readonly #clock: Clock;
  readonly #delay: number;
  #first: Timer | undefined;
  #last: Timer | undefined;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, delay: number) {
    this.#clock = clock;
    this.#delay = delay;
  }

  add(timer: Timer): void {
    const now = this.#clock.now();
    // V8 stores a whole number in the object itself. It is rounded up, so that no timer fires early.
    timer.due = Math.ceil(now + this.#delay);
    timer.queue = this;
    timer.before = this.#last;
    if (this.#last === undefined) this.#first = timer;
    else this.#last.after = timer;
    this.#last = timer;
    if (this.#timer === undefined) this.#arm(timer, now);
  }

  remove(timer: Timer): void {
    const { before, after } = timer;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    timer.queue = undefined;
    timer.before = undefined;
    timer.after = undefined;
    if (this.#first !== undefined) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(first: Timer, now: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#fire(), Math.ceil(first.due - now));
  }

  /** Fires the timers that are due. Where one of them throws, the others fire a little later. */
  #fire(): void {
    const now = this.#clock.now();
    try {
      while (this.#first !== undefined && this.#first.due <= now) {
        const timer = this.#first;
        this.remove(timer);
        timer.fire();
      }
    } finally {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = undefined;
      if (this.#first !== undefined) this.#arm(this.#first, this.#clock.now());
    }
  }
}

/** All timers of one server. */
export class TimerQueue {
  readonly #clock: Clock;
  readonly #queues: Map<number, DelayQueue> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sets a timer to fire in `delay` ms. A timer that is already set is moved to the new time. */
  set(timer: Timer, delay: number): void {
    this.clear(timer);
    let queue = this.#queues.get(delay);
    if (queue === undefined) {
      queue = new DelayQueue(this.#clock, delay);
      this.#queues.set(delay, queue);
    }
    queue.add(timer);
  }

  /** Calls the owner's `onTimeout` in `delay` ms. */
  start(owner: { onTimeout(): void }, delay: number): CallbackTimer {
    const timer = new CallbackTimer(owner);
    this.set(timer, delay);
    return timer;
  }

  /** Stops a timer. It does nothing where the timer isn't set. */
  clear(timer: Timer | undefined): void {
    timer?.queue?.remove(timer);
  }
}
