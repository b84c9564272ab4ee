import type { Clock, Timer } from "./clock.js";

/** How far batches are apart, in ms, on average. */
const pace = 100;

/** Spreads one action over many members: at once, or in batches of equal size at moments of chance in a window. */
export class Drain<Member> {
  readonly #clock: Clock;
  readonly #act: (member: Member) => void;
  readonly #began: number;
  readonly #window: number;
  readonly #size: number;
  /** Who came together does not leave together. */
  readonly #left: Member[];
  #timer: Timer | undefined;

  /** `window` is in ms; 0 is at once. */
  constructor(clock: Clock, members: Iterable<Member>, window: number, act: (member: Member) => void) {
    this.#clock = clock;
    this.#act = act;
    this.#began = clock.now();
    this.#window = window;
    this.#left = shuffled(members);
    this.#size = this.#left.length;
    this.#batch(0, Math.ceil(window / pace));
  }

  /** Acts at once on those whose turn has not come. */
  finish(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#until(0);
  }

  /** Sets the timer of one batch of `count`; without any, everybody's turn is now. */
  #batch(index: number, count: number): void {
    if (index >= count) return this.#until(0);
    const moment = ((index + Math.random()) * this.#window) / count;
    const elapsed = this.#clock.now() - this.#began;
    this.#timer = this.#clock.setTimeout(() => {
      this.#until(Math.floor((this.#size * (count - index - 1)) / count));
      if (this.#left.length > 0) this.#batch(index + 1, count);
    }, moment - elapsed);
  }

  #until(left: number): void {
    for (const member of this.#left.splice(left)) this.#act(member);
  }
}

function shuffled<Member>(members: Iterable<Member>): Member[] {
  const drawn = Array.from(members, (member) => ({ member, lot: Math.random() }));
  return drawn.sort((one, other) => one.lot - other.lot).map(({ member }) => member);
}
