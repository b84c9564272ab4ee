/** One message or request that is to be handled. */
export interface Work {
  /** Whether what comes behind it waits until it is done. */
  readonly isAlone: boolean;
  /** How long its frame was. */
  readonly size: number;
  /** Never rejects. */
  run(): Promise<void>;
}

/** How much there may be. */
export interface WorkLimits {
  /** As many run at a time … */
  readonly running: number;
  /** … and as many wait, … */
  readonly waiting: number;
  /** … of so many characters together, but for the last one. */
  readonly waitingSize: number;
}

/** Starts work in the order in which it came, some at a time. Whoever adds to it asks for room first. */
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

  /** How many there have been. */
  get added(): number {
    return this.#added;
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  /** Resolves at the next piece of work that is done. */
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
