/** Lets any number wait until something has changed. */
export class Bell {
  #next: Promise<void> | undefined;
  #ring: (() => void) | undefined;

  /** Resolves at the next ring. */
  get next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      this.#ring = resolve;
    });
    return this.#next;
  }

  ring(): void {
    this.#next = undefined;
    this.#ring?.();
  }
}
