/** Who is here. Each stays until it has been left as often as it was said on entering. */
export class Roll<Member> {
  /** How often each has still to be left. */
  readonly #members: Map<Member, number> = new Map();
  #onEmpty: (() => void)[] = [];

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.keys();
  }

  enter(member: Member, parts: number): void {
    this.#members.set(member, parts);
  }

  leave(member: Member): void {
    const left = (this.#members.get(member) ?? 1) - 1;
    if (left > 0) this.#members.set(member, left);
    else if (this.#members.delete(member)) this.#tellIfEmpty();
  }

  /** Resolves when nobody is here any more. */
  async empty(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  #tellIfEmpty(): void {
    if (this.size > 0) return;
    for (const resolve of this.#onEmpty) resolve();
    this.#onEmpty = [];
  }
}
