/** Who is here. Each stays until it has been left as often as it was said on entering. */
export class Roll<Member> {
  readonly #members = new Set<Member>();
  #onEmpty: (() => void)[] = [];

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  /** Returns the function that leaves. */
  enter(member: Member, parts: number): () => void {
    let left = parts;
    this.#members.add(member);
    return () => {
      left -= 1;
      if (left === 0) this.#remove(member);
    };
  }

  /** Resolves when nobody is here any more. */
  async empty(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  #remove(member: Member): void {
    this.#members.delete(member);
    if (this.size > 0) return;
    for (const resolve of this.#onEmpty) resolve();
    this.#onEmpty = [];
  }
}
