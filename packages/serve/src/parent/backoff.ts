/** The shortest and the longest pause before a process that died is started again, in ms. */
const [shortest, longest] = [100, 30_000];
/** A process that lived for so long begins with the shortest pause again, in ms. */
const longLife = 60_000;

/** How a process ended. */
export interface Death {
  readonly wasReady: boolean;
  /** How long it lived, in ms. */
  readonly life: number;
  /** Whether it was ended by a signal from outside, and not by its own code. */
  readonly wasKilled: boolean;
}

/**
 * How long to wait before a process that died is started again. The pause doubles with each process that fails by itself,
 * and is shortened at random so that many processes do not start at the same moment. A process that had worked and was
 * killed has not failed.
 */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The pause in ms. */
  after({ wasReady, life, wasKilled }: Death): number {
    if (life >= longLife || (wasReady && wasKilled)) this.#failures = 0;
    const pause = Math.min(shortest * 2 ** this.#failures, longest);
    this.#failures += 1;
    return pause * (0.5 + this.#random() / 2);
  }
}
