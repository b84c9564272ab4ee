/** A piece of work that calls `done` once, when it has ended. */
export type Task = (done: () => void) => void;

/** Runs a limited number of tasks at the same time; the others wait and are run in order. */
export class TaskLimit {
  readonly #most: number;
  #running = 0;
  readonly #waiting: Task[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  run(task: Task): void {
    if (this.#running >= this.#most) this.#waiting.push(task);
    else this.#start(task);
  }

  #start(task: Task): void {
    this.#running += 1;
    task(() => {
      this.#running -= 1;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    });
  }
}
