import type { Clock, Timer } from "./clock.js";

/**
 * Something that is to happen after a while. A link in the queue of its delay: a connection has several of them, and
 * one timer is enough for all that wait equally long.
 */
export abstract class Alarm {
  /** In which queue it is set; these four are the queue's own. */
  queue: AlarmQueue | undefined;
  before: Alarm | undefined;
  after: Alarm | undefined;
  /** When it rings, in ms of the clock; stays after it rang. */
  due = 0;

  abstract ring(): void;
}

/** An alarm that somebody else answers. */
export class Reminder extends Alarm {
  readonly #owner: { rang(): void };

  constructor(owner: { rang(): void }) {
    super();
    this.#owner = owner;
  }

  ring(): void {
    this.#owner.rang();
  }
}

/** Alarms of one delay: who was set first is due first. */
class AlarmQueue {
  readonly #clock: Clock;
  readonly #delay: number;
  #first: Alarm | undefined;
  #last: Alarm | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, delay: number) {
    this.#clock = clock;
    this.#delay = delay;
  }

  add(alarm: Alarm): void {
    const now = this.#clock.now();
    // Whole numbers, which V8 keeps in the object itself; never early.
    alarm.due = Math.ceil(now + this.#delay);
    alarm.queue = this;
    alarm.before = this.#last;
    if (this.#last === undefined) this.#first = alarm;
    else this.#last.after = alarm;
    this.#last = alarm;
    if (this.#timer === undefined) this.#arm(alarm, now);
  }

  remove(alarm: Alarm): void {
    const { before, after } = alarm;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    alarm.queue = undefined;
    alarm.before = undefined;
    alarm.after = undefined;
    if (this.#first !== undefined) return;
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(first: Alarm, now: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#ring(), Math.ceil(first.due - now));
  }

  /** One that throws doesn't keep the others from ringing, a little later. */
  #ring(): void {
    const now = this.#clock.now();
    try {
      while (this.#first !== undefined && this.#first.due <= now) {
        const alarm = this.#first;
        this.remove(alarm);
        alarm.ring();
      }
    } finally {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = undefined;
      if (this.#first !== undefined) this.#arm(this.#first, this.#clock.now());
    }
  }
}

/** All alarms by one clock. */
export class Alarms {
  readonly #clock: Clock;
  readonly #queues: Map<number, AlarmQueue> = new Map();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rings in `delay` ms, and not when it was to ring before. */
  set(alarm: Alarm, delay: number): void {
    this.clear(alarm);
    let queue = this.#queues.get(delay);
    if (queue === undefined) {
      queue = new AlarmQueue(this.#clock, delay);
      this.#queues.set(delay, queue);
    }
    queue.add(alarm);
  }

  /** Calls the owner's `rang` in `delay` ms. */
  remind(owner: { rang(): void }, delay: number): Reminder {
    const reminder = new Reminder(owner);
    this.set(reminder, delay);
    return reminder;
  }

  /** One that isn't set stays so. */
  clear(alarm: Alarm | undefined): void {
    alarm?.queue?.remove(alarm);
  }
}
