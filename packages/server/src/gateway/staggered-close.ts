import type { Clock, TimerHandle } from "../session/timing/clock.js";

/** The mean time between two batches, in ms. */
const pace = 100;

/**
 * Applies an action to many members in batches of equal size, each at a random moment of its share of a window. So the
 * clients of a server that shuts down do not all reconnect in the same instant.
 */
export class StaggeredClose<Member> {
  readonly #clock: Clock;
  readonly #act: (member: Member) => void;
  readonly #began: number;
  readonly #window: number;
  readonly #size: number;
  /** The members in random order, so that clients that connected together are not closed together. */
  readonly #left: Member[];
  #timer: TimerHandle | undefined;

  /** @param window In ms; with 0 the action is applied to all members at once. */
  constructor(clock: Clock, members: Iterable<Member>, window: number, act: (member: Member) => void) {
    this.#clock = clock;
    this.#act = act;
    this.#began = clock.now();
    this.#window = window;
    this.#left = shuffled(members);
    this.#size = this.#left.length;
    this.#batch(0, Math.ceil(window / pace));
  }

  /** Applies the action to the members that are left at once. */
  finish(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#until(0);
  }

  /**
   * Sets the timer of a batch of `count` members. Without a further batch it applies the action to all members that are
   * left.
   */
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
