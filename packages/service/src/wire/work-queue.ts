/** A message or a request that is to be handled. */
export interface Work {
  /** Whether the work behind it has to wait until it is done. */
  readonly isAlone: boolean;
  /** The length of its frame. */
  readonly size: number;
  /** Handles it. It never rejects. */
  run(): Promise<void>;
}

/** How much work there may be. */
export interface WorkLimits {
  /** How much work runs at a time. */
  readonly running: number;
  /** How much work may wait. */
  readonly waiting: number;
  /** How many characters the waiting work may have in total; the last piece may exceed this. */
  readonly waitingSize: number;
}

/**
 * Starts work in the order in which it came, and runs several pieces at a time. The caller has to ask for room before it
 * adds work.
 */
export class WorkQueue {
  readonly #limits: WorkLimits;
  readonly #waiting: Work[] = [];
  #waitingSize = 0;
  #running = 0;
  #added = 0;
  #isAlone = false;
  #waiters: (() => void)[] = [];

  constructor(limits: WorkLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.#limits.waiting || this.#waitingSize >= this.#limits.waitingSize;
  }

  /** How many pieces of work have been added. */
  get added(): number {
    return this.#added;
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  /** Resolves when the next piece of work is done. */
  changed(): Promise<void> {
    return new Promise((resolve) => void this.#waiters.push(resolve));
  }

  add(work: Work): void {
    this.#waiting.push(work);
    this.#waitingSize += work.size;
    this.#added += 1;
    this.#start();
  }

  #start(): void {
    while (!this.#isAlone && this.#running < this.#limits.running) {
      const work = this.#waiting.shift();
      if (work === undefined) return;
      this.#waitingSize -= work.size;
      this.#running += 1;
      this.#isAlone = work.isAlone;
      void work.run().then(() => this.#done(work));
    }
  }

  #done(work: Work): void {
    this.#running -= 1;
    if (work.isAlone) this.#isAlone = false;
    this.#start();
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
