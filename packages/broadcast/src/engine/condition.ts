/** Lets any number of callers wait until something has changed. */
export class Condition {
  #next: Promise<void> | undefined;
  #notify: (() => void) | undefined;

  /** Resolves at the next `notify`. */
  get next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#notify = resolve;
    });
    return this.#next;
  }

  notify(): void {
    this.#next = undefined;
    this.#notify?.();
  }
}
