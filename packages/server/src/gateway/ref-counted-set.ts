/** A reference-counted set: a member stays until all of the references that it was added with have been given up. */
export class RefCountedSet<Member> {
  /** How many references each member still has. */
  readonly #members: Map<Member, number> = new Map();
  #onEmpty: (() => void)[] = [];

  get size(): number {
    return this.#members.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.keys();
  }

  /** Adds a member with a number of references. */
  enter(member: Member, references: number): void {
    this.#members.set(member, references);
  }

  /** Gives up one reference. The member is removed with its last reference. */
  leave(member: Member): void {
    const left = (this.#members.get(member) ?? 1) - 1;
    if (left > 0) this.#members.set(member, left);
    else if (this.#members.delete(member)) this.#resolveIfEmpty();
  }

  /** Resolves when the set is empty. */
  async empty(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  #resolveIfEmpty(): void {
    if (this.size > 0) return;
    for (const resolve of this.#onEmpty) resolve();
    this.#onEmpty = [];
  }
}
